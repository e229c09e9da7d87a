"""Imported rows are numbered like every other row; what makes them single is a constraint by name."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("parties", "0003_twins_and_numbers"), ("exchange", "0001_initial")]

    operations = [
        migrations.DeleteModel(name="ImportedRow"),
        migrations.CreateModel(
            name="ImportedRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("source", models.CharField(db_collation="C", max_length=64)),
                ("external_id", models.CharField(db_collation="C", max_length=400)),
                ("digest", models.BinaryField(max_length=16)),
                ("line", models.PositiveIntegerField()),
                (
                    "party",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="parties.party"
                    ),
                ),
                (
                    "taken_in",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="exchange.import",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="importedrow",
            constraint=models.UniqueConstraint(fields=("source", "external_id"), name="imported_row_once_per_source"),
        ),
        migrations.AddIndex(
            model_name="importedrow",
            index=models.Index(fields=["taken_in", "line"], name="imported_row_of_import"),
        ),
    ]
