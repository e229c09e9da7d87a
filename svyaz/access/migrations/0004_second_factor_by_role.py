"""A role may ask whoever holds it for a second factor."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("access", "0003_managing_roles")]

    operations = [
        migrations.AddField(
            model_name="role",
            name="requires_second_factor",
            field=models.BooleanField(db_default=False, default=False, verbose_name="requires a second factor"),
        ),
    ]
