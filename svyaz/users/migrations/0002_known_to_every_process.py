"""What every process must know for a while: used codes, rates of attempts (Django's cache in the data base).

Unlogged: after a crash of the server it is empty, which nobody minds.
"""

from django.db import migrations

MAKE = """
CREATE UNLOGGED TABLE users_cache (cache_key varchar(255) PRIMARY KEY, value text NOT NULL, expires timestamptz NOT NULL);
CREATE INDEX users_cache_expires ON users_cache (expires);
"""


class Migration(migrations.Migration):
    dependencies = [("users", "0001_initial")]

    operations = [migrations.RunSQL(MAKE, "DROP TABLE users_cache")]
