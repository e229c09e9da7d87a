"""The whole base as text, to be compared before an import and after its undo."""

from django.db import connection

# What an import may leave behind: history, its own books, the queue, and records of who looked.
_APART = ("history_", "procrastinate_", "django_", "exchange_import", "exchange_badrow", "exchange_remnant", "axes_")
_COMPARED = ("exchange_importedrow",)


def whole_base() -> dict[str, list[str]]:
    """Return every row of every table but events, jobs and the imports' books, table by table."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        names = [name for (name,) in cursor.fetchall()]
        found = {}
        for name in names:
            if name in _COMPARED or not name.startswith(_APART):
                cursor.execute(f"SELECT to_jsonb(t)::text FROM {name} t ORDER BY 1")
                found[name] = [row for (row,) in cursor.fetchall()]
    return found
