"""Events are append-only for everyone; only the owner of the tables could lift the triggers."""

from django.db import migrations

FUNCTION = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % is refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'insufficient_privilege';
END $$;
"""

TRIGGERS = """
CREATE TRIGGER append_only_rows BEFORE UPDATE OR DELETE ON history_event
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only_table BEFORE TRUNCATE ON history_event
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""

BACK = """
DROP TRIGGER append_only_rows ON history_event;
DROP TRIGGER append_only_table ON history_event;
DROP FUNCTION refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("history", "0001_initial")]

    operations = [migrations.RunSQL(FUNCTION + TRIGGERS, BACK)]
