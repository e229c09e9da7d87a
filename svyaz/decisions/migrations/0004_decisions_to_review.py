"""Decisions whose day of review has come are found at once."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("decisions", "0003_decisions_by_time")]

    operations = [
        migrations.AddIndex(
            model_name="decision",
            index=models.Index(fields=["review_on"], name="decision_review", condition=Q(review_on__isnull=False)),
        ),
    ]
