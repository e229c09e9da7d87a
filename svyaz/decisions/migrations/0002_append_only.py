"""Decision memory is never edited: every row but kinds and limits is append-only."""

from django.db import migrations

TABLES = (
    "decision",
    "ground",
    "rejectedoption",
    "approval",
    "sighting",
    "outcome",
    "promise",
    "promiseresult",
    "promisetransfer",
)


def triggers(table: str) -> str:
    return f"""
    CREATE TRIGGER append_only_rows BEFORE UPDATE OR DELETE ON decisions_{table}
        FOR EACH ROW EXECUTE FUNCTION refuse_change();
    CREATE TRIGGER append_only_table BEFORE TRUNCATE ON decisions_{table}
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
    """


def drops(table: str) -> str:
    return f"""
    DROP TRIGGER append_only_rows ON decisions_{table};
    DROP TRIGGER append_only_table ON decisions_{table};
    """


class Migration(migrations.Migration):
    dependencies = [("decisions", "0001_initial"), ("history", "0002_append_only")]

    operations = [migrations.RunSQL("".join(map(triggers, TABLES)), "".join(map(drops, TABLES)))]
