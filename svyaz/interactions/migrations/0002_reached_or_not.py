"""Outgoing contacts that reached nobody; contacts that nobody took are found at once."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("interactions", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="interaction",
            name="is_reached",
            field=models.BooleanField(db_default=True, default=True, verbose_name="reached"),
        ),
        migrations.AddConstraint(
            model_name="interaction",
            constraint=models.CheckConstraint(
                name="interaction_unreached_is_outbound", condition=Q(is_reached=True) | Q(direction="outbound")
            ),
        ),
        migrations.AddIndex(
            model_name="interaction",
            index=models.Index(fields=["-at"], name="interaction_nobodys", condition=Q(employee__isnull=True)),
        ),
    ]
