"""How PostgreSQL goes about each hot statement: written down, and refused where it reads a large table through."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import psycopg

from bench.capture import Statement, connection_options, literal

FOLDER = Path(__file__).resolve().parent / "plans"
LARGE = 10_000
# A prepared statement has its lasting plan from its sixth run on.
RUNS = 6


def write(url: str, name: str, title: str, taken: Sequence[tuple[str, Sequence[Statement]]]) -> list[str]:
    """Explain statements as a connection in use runs them, keep those of the largest base, return large scans."""
    texts, scans = [f"{title}\n"], []
    with psycopg.connect(url, options=connection_options()) as connection:
        for heading, statements in taken:
            for statement in statements:
                if not statement.text.lstrip(" (\n").upper().startswith(("SELECT", "WITH", "INSERT", "UPDATE")):
                    continue
                plan, tree = _explained(connection, statement)
                texts.append(f"-- {heading}\n{statement.text.strip()}\n\n{plan}\n")
                scans += [f"{name}: {heading}: {table}" for table in large_scans(connection, tree)]
        connection.rollback()
    file = FOLDER / f"{name}.txt"
    if not file.exists() or _size(file.read_text()) <= _size(title):
        FOLDER.mkdir(exist_ok=True)
        file.write_text("\n".join(line.rstrip() for line in "\n".join(texts).splitlines()) + "\n")
    return scans


def _size(text: str) -> int:
    """Return the customers of the base that plans were made on, as their first line says."""
    return int("".join(char for char in text.partition("\n")[0].rpartition(":")[2] if char.isdigit()))


def _explained(connection: psycopg.Connection, statement: Statement) -> tuple[str, Any]:
    text = statement.written()
    if statement.is_prepared and statement.params:
        # DEALLOCATE ALL also forgets what psycopg prepares by itself; it prepares nothing in so few runs.
        connection.execute(f"PREPARE hot AS {statement.text}".encode())
        text = f"EXECUTE hot({', '.join(literal(value) for value in statement.params)})"
        for _ in range(RUNS):
            connection.execute(text.encode())
    lines = connection.execute(f"EXPLAIN (ANALYZE, BUFFERS) {text}".encode()).fetchall()
    tree = connection.execute(f"EXPLAIN (FORMAT JSON) {text}".encode()).fetchone()
    if text.startswith("EXECUTE hot"):
        connection.execute("DEALLOCATE hot")
    assert tree is not None
    return "\n".join(line for (line,) in lines), tree[0] if not isinstance(tree[0], str) else json.loads(tree[0])


def large_scans(connection: psycopg.Connection, tree: Any) -> list[str]:
    """Return the large tables that a plan reads through from first to last row."""
    found = []
    for node in _nodes(tree):
        if node.get("Node Type") == "Seq Scan":
            row = connection.execute(
                "SELECT reltuples FROM pg_class WHERE relname = %s AND relkind = 'r'", [node["Relation Name"]]
            ).fetchone()
            if row and row[0] > LARGE:
                found.append(f"{node['Relation Name']} ({row[0]:,.0f} rows)")
    return found


def _nodes(tree: Any) -> Iterator[dict[str, Any]]:
    if isinstance(tree, list):
        for each in tree:
            yield from _nodes(each)
    elif isinstance(tree, dict):
        if "Node Type" in tree:
            yield tree
        for each in tree.values():
            yield from _nodes(each)
