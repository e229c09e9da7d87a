"""Rows that repeat within a file, found without writing to the base: for dry runs."""

import sqlite3

from svyaz.exchange.actions.chunks import BadLine, Outcome, claimed_before, repeated_with_other_content


class Repetitions:
    """Remembers what earlier chunks of a file took, in a temporary file of its own: memory stays flat."""

    def __init__(self) -> None:
        # An empty name is SQLite's word for a private data base on disk that goes with its connection.
        self.seen = sqlite3.connect("", isolation_level=None)
        self.seen.execute("PRAGMA journal_mode = OFF")
        self.seen.execute("CREATE TABLE seen (what TEXT, value TEXT, line INT, digest BLOB, PRIMARY KEY (what, value))")
        self.seen.execute("BEGIN")

    def take_out(self, outcome: Outcome) -> None:
        """Move the rows that an earlier chunk has already from the added to the unchanged or bad ones."""
        for line, key, digest, claims, cells in outcome.taken:
            earlier = self._find("key", key)
            if earlier is not None and earlier[1] == digest:
                outcome.added -= 1
                outcome.unchanged += 1
                continue
            reasons = [("", repeated_with_other_content(earlier[0]))] if earlier is not None else []
            if earlier is None:
                found = [(what, self._find(what, value)) for what, value in claims]
                reasons = [(what, claimed_before(row[0])) for what, row in found if row is not None]
            if reasons:
                outcome.added -= 1
                outcome.bad.append(BadLine(line, tuple(reasons), cells))
                continue
            rows = [("key", key, line, digest), *((what, value, line, b"") for what, value in claims)]
            self.seen.executemany("INSERT INTO seen VALUES (?, ?, ?, ?)", rows)
        outcome.bad.sort(key=lambda bad: bad.line)

    def _find(self, what: str, value: str) -> tuple[int, bytes] | None:
        row = self.seen.execute("SELECT line, digest FROM seen WHERE what = ? AND value = ?", (what, value)).fetchone()
        return None if row is None else (row[0], bytes(row[1]))
