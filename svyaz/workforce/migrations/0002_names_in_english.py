"""Positions and skills have a second name, in English."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("workforce", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="employee",
            name="position_en",
            field=models.CharField(blank=True, default="", max_length=120, verbose_name="position in English"),
        ),
        migrations.AddField(
            model_name="membership",
            name="position_en",
            field=models.CharField(blank=True, default="", max_length=120),
        ),
        migrations.AddField(
            model_name="skill",
            name="name_en",
            field=models.CharField(blank=True, default="", max_length=100),
        ),
    ]
