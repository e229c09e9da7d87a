"""Roles have a name in English; managing roles is a permission of its own, held by who managed rights so far."""

from django.db import migrations, models

GRANT = """
UPDATE access_role SET permissions = array_append(permissions, 'role:manage')
WHERE 'access:manage' = ANY(permissions) AND NOT 'role:manage' = ANY(permissions);
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0002_review_of_openings")]

    operations = [
        migrations.AddField(
            model_name="role",
            name="name_en",
            field=models.CharField(blank=True, default="", max_length=100, verbose_name="name in English"),
            preserve_default=False,
        ),
        migrations.RunSQL(GRANT, migrations.RunSQL.noop),
    ]
