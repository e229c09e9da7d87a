"""What an import changed of parties that were there before: rows of the base as they were and as they became."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import connection

Row = dict[str, Any]
# Rows of one party: table → id → columns, as PostgreSQL's to_jsonb gives them.
Snapshot = dict[str, dict[int, Row]]
Entry = dict[str, Any]

# Every table that taking a row over may write, with SQL for the rows of parties: party, then the row. What others
# refer to stands first, so that an undo goes backwards.
TABLES: dict[str, str] = {
    "places_address": """
        SELECT use.party_id, to_jsonb(t) FROM places_address t JOIN parties_addressuse use ON use.address_id = t.id
        WHERE use.party_id = ANY(%s)""",
    "parties_party": "SELECT id, to_jsonb(t) FROM parties_party t WHERE id = ANY(%s)",
    "parties_partyrole": "SELECT party_id, to_jsonb(t) FROM parties_partyrole t WHERE party_id = ANY(%s)",
    "parties_formertier": """
        SELECT role.party_id, to_jsonb(t) FROM parties_formertier t JOIN parties_partyrole role ON role.id = t.role_id
        WHERE role.party_id = ANY(%s)""",
    "parties_contactmedium": "SELECT party_id, to_jsonb(t) FROM parties_contactmedium t WHERE party_id = ANY(%s)",
    "parties_addressuse": "SELECT party_id, to_jsonb(t) FROM parties_addressuse t WHERE party_id = ANY(%s)",
    "parties_identification": "SELECT party_id, to_jsonb(t) FROM parties_identification t WHERE party_id = ANY(%s)",
    "parties_agreement": "SELECT party_id, to_jsonb(t) FROM parties_agreement t WHERE party_id = ANY(%s)",
    "billing_billingaccount": "SELECT party_id, to_jsonb(t) FROM billing_billingaccount t WHERE party_id = ANY(%s)",
    "services_product": "SELECT party_id, to_jsonb(t) FROM services_product t WHERE party_id = ANY(%s)",
    "billing_accountproduct": """
        SELECT account.party_id, to_jsonb(t) FROM billing_accountproduct t
        JOIN billing_billingaccount account ON account.id = t.account_id WHERE account.party_id = ANY(%s)""",
}


# Kept in a journal too, but not compared: the row of the file itself, which an earlier import had.
_ROW = "exchange_importedrow"


def snapshots(party_ids: Sequence[int]) -> dict[int, Snapshot]:
    """Return everything of these parties that an import may change."""
    found: dict[int, Snapshot] = {party_id: defaultdict(dict) for party_id in party_ids}
    with connection.cursor() as cursor:
        for table, sql in TABLES.items():
            cursor.execute(sql, [list(party_ids)])
            for party_id, row in cursor.fetchall():
                row = row if isinstance(row, dict) else json.loads(row)
                found[party_id][table][row["id"]] = row
    return found


def differences(before: Snapshot, after: Snapshot) -> list[Entry]:
    """Return what changed of one party: new rows whole (`was` is empty), changed ones by their columns."""
    found: list[Entry] = []
    for table in TABLES:
        for pk, row in after.get(table, {}).items():
            former = before.get(table, {}).get(pk)
            if former is None:
                found.append({"table": table, "id": pk, "was": None, "now": row})
            elif changed := [name for name, value in row.items() if former[name] != value]:
                was, now = ({name: each[name] for name in changed} for each in (former, row))
                found.append({"table": table, "id": pk, "was": was, "now": now})
    return found


def take_back(journal: Sequence[Entry]) -> list[str]:
    """Undo one party's journal, the last entry first; return the columns ("table.column") that changed since.

    A row that was added is removed while it is still as it was written; a changed column gets its former value back
    while it still holds what the import wrote.
    """
    stayed: list[str] = []
    for entry in reversed(journal):
        present = _present(entry["table"], entry["id"])
        if present is None:
            continue
        if entry["was"] is None:
            stayed += _remove(entry, present)
        else:
            stayed += _restore(entry, present)
    return stayed


def _present(table: str, pk: int) -> Row | None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT to_jsonb(t) FROM {_known(table)} t WHERE id = %s FOR UPDATE", [pk])
        row = cursor.fetchone()
    if row is None:
        return None
    return row[0] if isinstance(row[0], dict) else dict(json.loads(row[0]))


def _remove(entry: Entry, present: Row) -> list[str]:
    """Remove an added row, or say that it stays: it was changed, or something refers to it by now."""
    table, now = entry["table"], entry["now"]
    if changed := [name for name, value in now.items() if present.get(name) != value]:
        return [f"{table}.{name}" for name in changed]
    if is_referred_to(table, [entry["id"]]):
        return [table]
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {_known(table)} WHERE id = %s", [entry["id"]])
    return []


def _restore(entry: Entry, present: Row) -> list[str]:
    table, was, now = entry["table"], entry["was"], entry["now"]
    back = [name for name in was if present.get(name) == now[name]]
    if back:
        names = ", ".join(f'"{name}"' for name in back)
        with connection.cursor() as cursor:
            # Through the table's own row type, so that every column comes back as what it was.
            cursor.execute(
                f"UPDATE {_known(table)} SET ({names}) = "
                f"(SELECT {names} FROM jsonb_populate_record(NULL::{_known(table)}, %s::jsonb)) WHERE id = %s",
                [json.dumps(was), entry["id"]],
            )
    return [f"{table}.{name}" for name in was if name not in back]


def _known(table: str) -> str:
    if table != _ROW and table not in TABLES:
        raise LookupError(table)
    return table


_REFERENCES = """
    SELECT conrelid::regclass::text, attname FROM pg_constraint
    JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1]
    WHERE contype = 'f' AND confrelid = %s::regclass"""


def references_to(table: str) -> list[tuple[str, str]]:
    """Return every table and column that refers to a table."""
    with connection.cursor() as cursor:
        cursor.execute(_REFERENCES, [table])
        return [(str(other), str(column)) for other, column in cursor.fetchall()]


def is_referred_to(table: str, ids: Iterable[int]) -> bool:
    """Tell whether any row of the base refers to one of these."""
    wanted = list(ids)
    with connection.cursor() as cursor:
        for other, column in references_to(table):
            cursor.execute(f'SELECT EXISTS (SELECT FROM {other} WHERE "{column}" = ANY(%s))', [wanted])
            if cursor.fetchone()[0]:
                return True
    return False


def as_json(journal: Sequence[Mapping[str, Any]]) -> str:
    """Return a journal as it is kept."""
    return json.dumps(journal, ensure_ascii=False, separators=(",", ":"))
