"""Numbers of transactions that grow on where a data base is restored on a server that counts from a lower one.

Every server counts its transactions from its own beginning. After a dump is restored elsewhere, what was written before
would seem to come from the future, and readers of events would wait for it, and pass over what is new. `svyaz` sees
that before the tables are brought up to date, and makes history_shift() anew, which says how much is to be added.
"""

import svyaz.history.models
from django.db import migrations

FUNCTIONS = """
CREATE FUNCTION history_shift() RETURNS bigint LANGUAGE sql IMMUTABLE
    RETURN 0::bigint;
CREATE FUNCTION history_transaction() RETURNS xid8 LANGUAGE sql VOLATILE
    RETURN (pg_current_xact_id()::text::bigint + history_shift())::text::xid8;
CREATE FUNCTION history_horizon() RETURNS xid8 LANGUAGE sql STABLE
    RETURN (pg_snapshot_xmin(pg_current_snapshot())::text::bigint + history_shift())::text::xid8;
"""
NONE = """
DROP FUNCTION history_horizon(); DROP FUNCTION history_transaction(); DROP FUNCTION history_shift();
"""


class Migration(migrations.Migration):

    dependencies = [("history", "0002_append_only")]

    operations = [
        migrations.RunSQL(FUNCTIONS, NONE),
        migrations.AlterField(
            model_name="event",
            name="xid",
            field=svyaz.history.models.TransactionIdField(
                db_default=svyaz.history.models.HistoryTransaction(), editable=False
            ),
        ),
    ]
