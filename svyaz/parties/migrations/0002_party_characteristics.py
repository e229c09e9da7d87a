"""What a source says of a party and no noun holds."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("parties", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="party",
            name="characteristics",
            field=models.JSONField(
                blank=True,
                db_default=models.Value({}, models.JSONField()),
                default=dict,
                verbose_name="characteristics",
            ),
        ),
    ]
