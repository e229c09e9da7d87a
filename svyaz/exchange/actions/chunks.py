"""Taking over one chunk of records in one transaction: read, compare with the base, write, remember how far."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

import psycopg
from django.db import DataError, IntegrityError, connection, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from svyaz.exchange.actions.changing import Changed, change_matched
from svyaz.exchange.actions.drafts import BadRow, Draft, RowReader
from svyaz.exchange.actions.mapping import CustomerMapping
from svyaz.exchange.actions.matching import keys_named
from svyaz.exchange.actions.outcomes import COUNTS, BadLine, Notice, Outcome, Taken
from svyaz.exchange.actions.reading import Record, fields, unguarded, why_unusable
from svyaz.exchange.actions.reports import keep_bad_lines, keep_notices
from svyaz.exchange.actions.sifting import BAD, CHANGE, KNOWN, LATER, NEW, SKIP, Decision, Policy, Sieve
from svyaz.exchange.actions.values import Setting
from svyaz.exchange.actions.writing import Destination, write
from svyaz.users.models import User

# A neighbour chunk that holds the same rows has committed by the next try.
TRIES = 3
# Rows of one customer in one chunk are taken one after another; so many of them are somebody's mistake.
MOST_WAVES = 20
# COPY speaks with psycopg's own exceptions, the commit with Django's.
REFUSALS = (
    IntegrityError,
    DataError,
    psycopg.IntegrityError,
    psycopg.DataError,
    psycopg.errors.DeadlockDetected,
)


class ChunkAlreadyTaken(Exception):
    """Another worker has taken these lines over: this one came back from the dead."""


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
    policy: Policy = field(default_factory=Policy)

    def reader(self) -> RowReader:
        """Return a reader of this file's records."""
        return RowReader(self.mapping, self.header, Setting(self.as_of, self.areas))

    def sieve(self) -> Sieve:
        """Return what decides about rows; a dry run writes nothing that a next wave could see."""
        return Sieve(self.destination.source, self.policy, keys_named(self.policy.keys), in_waves=not self.dry_run)


class ChunkTaker:
    """Takes over the chunks of one import, one after another; lives in a worker process."""

    def __init__(self, work: Work) -> None:
        self.work = work
        self.reader = work.reader()
        self.sieve = work.sieve()
        self._by: User | None = None

    def take(self, records: Sequence[Record], *, at: datetime) -> Outcome:
        """Read and write a chunk: all of it, with the mark that it is done, or after an error none."""
        with translation.override(self.work.language):
            outcome = Outcome(first_line=records[0].line, last_line=records[-1].line)
            drafts, cells = self.read(records, outcome)
            with transaction.atomic():
                self._store(drafts, cells, outcome, at)
                outcome.bad.sort(key=lambda bad: bad.line)
                outcome.notices.sort(key=lambda notice: notice.line)
                if not self.work.dry_run:
                    self._keep(outcome)
            return outcome

    def read(self, records: Sequence[Record], outcome: Outcome) -> tuple[list[Draft], dict[int, tuple[str, ...]]]:
        """Return the drafts of the records that can be read, and their cells; the others are told as bad."""
        drafts: list[Draft] = []
        cells: dict[int, tuple[str, ...]] = {}
        for record in records:
            self._read(record, drafts, cells, outcome)
        return drafts, cells

    def _read(self, record: Record, drafts: list[Draft], cells: dict[int, tuple[str, ...]], outcome: Outcome) -> None:
        problem, values, text = record.problem, [], ""
        try:
            text = record.raw.decode(self.work.encoding)
            values = unguarded(fields(text, self.work.delimiter), text)
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
        """Write drafts; if the base refuses again and again, find by halves what it refuses."""
        if not drafts:
            return
        for _try in range(TRIES):
            part = Outcome()
            try:
                # A savepoint: what the base refuses leaves the rest of the chunk as it is.
                with transaction.atomic():
                    self._take_waves(drafts, cells, part, at)
            except REFUSALS as error:
                refusal = error
                continue
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

    def _take_waves(
        self, drafts: Sequence[Draft], cells: dict[int, tuple[str, ...]], part: Outcome, at: datetime
    ) -> None:
        """Take drafts over; those that an earlier row of the chunk decides about wait until it is written."""
        for _wave in range(MOST_WAVES):
            decisions = self.sieve.sift(drafts)
            self._act(decisions, cells, part, at)
            drafts = [each.draft for each in decisions if each.verdict == LATER]
            if not drafts:
                return
        for draft in drafts:
            reason = _("too many rows of the same customer stand together")
            part.bad.append(BadLine(draft.line, (("", reason),), cells[draft.line]))

    def _act(
        self, decisions: Sequence[Decision], cells: dict[int, tuple[str, ...]], part: Outcome, at: datetime
    ) -> None:
        news = [each.draft for each in decisions if each.verdict == NEW]
        changes = [each for each in decisions if each.verdict == CHANGE]
        changed = Changed(updated=changes)
        if not self.work.dry_run:
            if news:
                write(news, self.work.destination, at=at)
            if changes:
                changed = change_matched(
                    changes, self.work.destination, policy=self.work.policy.matched, by=self._user(), at=at
                )
        part.added += len(news)
        part.updated += len(changed.updated)
        part.unchanged += len(changed.untouched) + sum(each.verdict == KNOWN for each in decisions)
        part.skipped += sum(each.verdict == SKIP for each in decisions)
        refused = [(each, each.reasons) for each in decisions if each.verdict == BAD] + changed.refused
        part.bad += [BadLine(each.draft.line, reasons, cells[each.draft.line]) for each, reasons in refused]
        for each in decisions:
            if each.verdict in {NEW, CHANGE}:
                self._count(each, cells, part)

    def _count(self, decision: Decision, cells: dict[int, tuple[str, ...]], part: Outcome) -> None:
        draft = decision.draft
        number = decision.holder.number if decision.holder else draft.values.get("number", draft.key)
        part.notices += [Notice(draft.line, number, heading, text) for heading, text in draft.notices]
        if self.work.dry_run:
            tokens = tuple(token for key in self.sieve.keys for token in key.tokens(draft))
            party_id = decision.holder.party_id if decision.holder else None
            claims = tuple(draft.claims())
            part.taken.append(Taken(draft.line, draft.key, draft.digest, claims, tokens, cells[draft.line], party_id))

    def _user(self) -> User:
        if self._by is None:
            self._by = User.objects.get(pk=self.work.destination.by_id)
        return self._by

    def _keep(self, outcome: Outcome) -> None:
        """Write down, with the rows themselves, what came of these lines and that they are done."""
        import_id = self.work.destination.import_id
        keep_bad_lines(import_id, outcome.bad)
        keep_notices(import_id, outcome.notices)
        counts = outcome.counts()
        values = [import_id, outcome.first_line, outcome.last_line, *(counts[name] for name in COUNTS)]
        places = ", ".join(["%s"] * len(values))
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO exchange_importchunk (taken_in_id, first_line, last_line, {', '.join(COUNTS)}) "
                f"VALUES ({places}) ON CONFLICT DO NOTHING",
                values,
            )
            if cursor.rowcount != 1:
                raise ChunkAlreadyTaken(import_id, outcome.first_line)
