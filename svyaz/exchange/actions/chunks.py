"""Taking over one chunk of records in one transaction: read, compare with the base, write what is new."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

import psycopg
from django.db import DataError, IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from svyaz.exchange.actions.drafts import BadRow, Draft, RowReader
from svyaz.exchange.actions.mapping import CustomerMapping
from svyaz.exchange.actions.reading import Record, fields, why_unusable
from svyaz.exchange.actions.values import Setting
from svyaz.exchange.actions.writing import Destination, write
from svyaz.exchange.queries import Claim, holders, known_rows

# A neighbour chunk that holds the same rows has committed by the next try.
TRIES = 3
# COPY speaks with psycopg's own exceptions, the commit with Django's.
REFUSALS = (
    IntegrityError,
    DataError,
    psycopg.IntegrityError,
    psycopg.DataError,
    psycopg.errors.DeadlockDetected,
)


@dataclass(frozen=True)
class Work:
    """Everything that is the same for all chunks of one import; goes to the worker processes once."""

    mapping: CustomerMapping
    header: tuple[str, ...]
    encoding: str
    delimiter: str
    as_of: date
    areas: dict[str, int]
    area_id: int | None
    destination: Destination
    language: str
    dry_run: bool

    def reader(self) -> RowReader:
        """Return a reader of this file's records."""
        return RowReader(self.mapping, self.header, Setting(self.as_of, self.areas))


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


@dataclass(slots=True)
class Outcome:
    """What came of a chunk. `taken` serves a dry run, which must find repetitions without the base's help."""

    rows: int = 0
    added: int = 0
    unchanged: int = 0
    bad: list[BadLine] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    taken: list[tuple[int, str, bytes, list[Claim], tuple[str, ...]]] = field(default_factory=list)

    def merge(self, other: "Outcome") -> None:
        """Add what came of a part."""
        self.rows += other.rows
        self.added += other.added
        self.unchanged += other.unchanged
        self.bad += other.bad
        self.notices += other.notices
        self.taken += other.taken


class ChunkTaker:
    """Takes over the chunks of one import, one after another; lives in a worker process."""

    def __init__(self, work: Work) -> None:
        self.work = work
        self.reader = work.reader()

    def take(self, records: Sequence[Record], *, at: datetime) -> Outcome:
        """Read and write a chunk; bad rows and known ones stay out, the others are all in or, after an error, none."""
        with translation.override(self.work.language):
            outcome = Outcome()
            drafts: list[Draft] = []
            cells: dict[int, tuple[str, ...]] = {}
            for record in records:
                self._read(record, drafts, cells, outcome)
            self._store(drafts, cells, outcome, at)
            outcome.bad.sort(key=lambda bad: bad.line)
            outcome.notices.sort(key=lambda notice: notice.line)
            return outcome

    def _read(self, record: Record, drafts: list[Draft], cells: dict[int, tuple[str, ...]], outcome: Outcome) -> None:
        problem, values = record.problem, []
        try:
            text = record.raw.decode(self.work.encoding)
            values = fields(text, self.work.delimiter)
        except UnicodeDecodeError as error:
            problem = problem or _("not {encoding}: byte {byte}").format(
                encoding=self.work.encoding, byte=f"0x{record.raw[error.start]:02X}"
            )
        except csv.Error as error:
            problem = problem or str(error)
        if not problem and not any(map(str.strip, values)):
            return
        outcome.rows += 1
        problem = problem or why_unusable(values, text, len(self.work.header))
        if problem:
            shown = record.raw.decode(self.work.encoding, "backslashreplace").rstrip("\r\n")
            outcome.bad.append(BadLine(record.line, (("", problem),), tuple(values or [shown])))
            return
        try:
            draft = self.reader.read(record.line, values)
        except BadRow as bad:
            outcome.bad.append(BadLine(record.line, bad.reasons, tuple(values)))
            return
        if self.work.area_id is not None:
            draft.values.setdefault("area", self.work.area_id)
        cells[record.line] = tuple(values)
        drafts.append(draft)

    def _store(
        self, drafts: Sequence[Draft], cells: dict[int, tuple[str, ...]], outcome: Outcome, at: datetime
    ) -> None:
        """Write drafts in a transaction; if the base refuses again and again, find by halves what it refuses."""
        if not drafts:
            return
        for _try in range(TRIES):
            part = Outcome()
            try:
                with transaction.atomic():
                    new = self._sift(drafts, cells, part)
                    if not self.work.dry_run and new:
                        write(new, self.work.destination, at=at)
            except REFUSALS as error:
                refusal = error
                continue
            self._count(new, cells, part)
            outcome.merge(part)
            return
        if len(drafts) == 1:
            draft = drafts[0]
            reason = _("the data base refuses it: {reason}").format(reason=str(refusal).splitlines()[0])
            outcome.bad.append(BadLine(draft.line, (("", reason),), cells[draft.line]))
            return
        middle = len(drafts) // 2
        self._store(drafts[:middle], cells, outcome, at)
        self._store(drafts[middle:], cells, outcome, at)

    def _sift(self, drafts: Sequence[Draft], cells: dict[int, tuple[str, ...]], part: Outcome) -> list[Draft]:
        """Return the drafts that are new; count the known ones, and keep aside those that clash."""
        known = known_rows(self.work.destination.source, [draft.key for draft in drafts])
        taken = holders(claim for draft in drafts if draft.key not in known for claim in draft.claims())
        here: dict[str, Draft] = {}
        claimed: dict[Claim, int] = {}
        new = []
        for draft in drafts:
            if draft.key in known or draft.key in here:
                digest = known[draft.key][0] if draft.key in known else here[draft.key].digest
                if digest == draft.digest:
                    part.unchanged += 1
                    continue
                reasons = [_differs(draft, known, here)]
            else:
                reasons = _clashes(draft, taken, claimed)
            if reasons:
                part.bad.append(BadLine(draft.line, tuple(reasons), cells[draft.line]))
                continue
            here[draft.key] = draft
            claimed.update(dict.fromkeys(draft.claims(), draft.line))
            new.append(draft)
        return new

    def _count(self, new: Sequence[Draft], cells: dict[int, tuple[str, ...]], part: Outcome) -> None:
        part.added += len(new)
        for draft in new:
            for heading, text in draft.notices:
                part.notices.append(Notice(draft.line, draft.values.get("number", draft.key), heading, text))
            if self.work.dry_run:
                part.taken.append((draft.line, draft.key, draft.digest, draft.claims(), cells[draft.line]))


def _differs(draft: Draft, known: dict[str, tuple[bytes, str]], here: dict[str, Draft]) -> tuple[str, str]:
    if draft.key in known:
        reason = _("already in the base as number {number}, with other content; left as it is there")
        return "", reason.format(number=known[draft.key][1])
    return "", repeated_with_other_content(here[draft.key].line)


def repeated_with_other_content(line: int) -> str:
    """Return the reason for a row whose customer stands further up, not quite the same."""
    return _("the same customer stands in line {line}, with other content").format(line=line)


def claimed_before(line: int) -> str:
    """Return the reason for a row whose number, contract, account or INN stands further up."""
    return _("already in line {line}").format(line=line)


def _clashes(draft: Draft, taken: dict[Claim, str], claimed: dict[Claim, int]) -> list[tuple[str, str]]:
    reasons = []
    for claim in draft.claims():
        if claim in taken:
            reasons.append((claim[0], _("already in the base as number {number}").format(number=taken[claim])))
        elif claim in claimed:
            reasons.append((claim[0], claimed_before(claimed[claim])))
    return reasons
