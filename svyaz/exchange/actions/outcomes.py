"""What came of the rows of a chunk."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from svyaz.exchange.queries import Claim

COUNTS = ("rows", "added", "updated", "unchanged", "skipped", "bad", "notices")


@dataclass(frozen=True, slots=True)
class BadLine:
    """A row that stays out: its line, what is wrong with which field, and the row as it stands in the file."""

    line: int
    reasons: tuple[tuple[str, str], ...]
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to know of a row that was taken over."""

    line: int
    customer: str
    field: str
    text: str


@dataclass(frozen=True, slots=True)
class Taken:
    """A row that a dry run would take over: by what a later row of the file would be found to be the same."""

    line: int
    key: str
    digest: bytes
    claims: tuple[Claim, ...]
    tokens: tuple[str, ...]
    cells: tuple[str, ...]
    party_id: int | None


@dataclass(slots=True)
class Outcome:
    """What came of a chunk. `taken` serves a dry run, which must find repetitions without the base's help."""

    rows: int = 0
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    skipped: int = 0
    first_line: int = 0
    last_line: int = 0
    bad: list[BadLine] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    taken: list[Taken] = field(default_factory=list)

    def merge(self, other: "Outcome") -> None:
        """Add what came of a part."""
        self.rows += other.rows
        self.added += other.added
        self.updated += other.updated
        self.unchanged += other.unchanged
        self.skipped += other.skipped
        self.bad += other.bad
        self.notices += other.notices
        self.taken += other.taken

    def counts(self) -> dict[str, int]:
        """Return the numbers alone."""
        return {
            "rows": self.rows, "added": self.added, "updated": self.updated, "unchanged": self.unchanged,
            "skipped": self.skipped, "bad": len(self.bad), "notices": len(self.notices),
        }  # fmt: skip


def repeated_with_other_content(line: int) -> str:
    """Return the reason for a row whose customer stands further up, not quite the same."""
    return _("the same customer stands in line {line}, with other content").format(line=line)


def claimed_before(line: int) -> str:
    """Return the reason for a row whose number, contract, account or INN stands further up."""
    return _("already in line {line}").format(line=line)
