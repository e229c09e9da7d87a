"""Rows that repeat within a file, found without writing to the base: for dry runs."""

import sqlite3

from svyaz.exchange.actions.outcomes import BadLine, Outcome, Taken, claimed_before, repeated_with_other_content
from svyaz.exchange.models import Import


class Repetitions:
    """Remembers what earlier rows of a file took, in a temporary file of its own: memory stays flat."""

    def __init__(self, matched: str = Import.Matched.REFUSE) -> None:
        self.matched = matched
        # An empty name is SQLite's word for a private data base on disk that goes with its connection.
        self.seen = sqlite3.connect("", isolation_level=None)
        self.seen.execute("PRAGMA journal_mode = OFF")
        self.seen.execute("CREATE TABLE seen (what TEXT, value TEXT, line INT, digest BLOB, PRIMARY KEY (what, value))")
        self.seen.execute("BEGIN")

    def take_out(self, outcome: Outcome) -> None:
        """Move the rows that an earlier one has already from the added to what becomes of them."""
        for row in outcome.taken:
            if not self._is_repeated(row, outcome):
                rows = [("key", row.key, row.line, row.digest)]
                rows += [(what, value, row.line, b"") for what, value in row.claims]
                rows += [("token", token, row.line, b"") for token in row.tokens]
                self.seen.executemany("INSERT OR IGNORE INTO seen VALUES (?, ?, ?, ?)", rows)
        outcome.bad.sort(key=lambda bad: bad.line)
        outcome.taken.clear()

    def _is_repeated(self, row: Taken, outcome: Outcome) -> bool:
        earlier = self._find("key", row.key)
        if earlier is not None and earlier[1] == row.digest:
            self._move(row, outcome, "unchanged")
            return True
        same = earlier or next(filter(None, (self._find("token", token) for token in row.tokens)), None)
        if same is not None and self.matched != Import.Matched.REFUSE:
            self._move(row, outcome, "skipped" if self.matched == Import.Matched.SKIP else "updated")
            return self.matched == Import.Matched.SKIP
        reasons = [("", repeated_with_other_content(same[0]))] if same is not None else []
        if same is None and row.party_id is None:
            found = [(what, self._find(what, value)) for what, value in row.claims]
            reasons = [(what, claimed_before(line[0])) for what, line in found if line is not None]
        if reasons:
            self._move(row, outcome, "")
            outcome.bad.append(BadLine(row.line, tuple(reasons), row.cells))
        return bool(reasons)

    def _move(self, row: Taken, outcome: Outcome, to: str) -> None:
        counted = "added" if row.party_id is None else "updated"
        setattr(outcome, counted, getattr(outcome, counted) - 1)
        if to:
            setattr(outcome, to, getattr(outcome, to) + 1)

    def _find(self, what: str, value: str) -> tuple[int, bytes] | None:
        found: tuple[int, bytes] | None = self.seen.execute(
            "SELECT line, digest FROM seen WHERE what = ? AND value = ?", (what, value)
        ).fetchone()
        return found
