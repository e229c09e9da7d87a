"""`svyaz import customers FILE`, `list`, `undo NUMBER`, `bad-rows NUMBER`: files taken over, and taken back."""

import csv
from argparse import ArgumentParser
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from svyaz.access.actions import create_user
from svyaz.exchange.actions import (
    ImportIsRunning,
    MappingError,
    MissingColumns,
    Result,
    UnknownKey,
    UnreadableFile,
    import_customers,
    shipped_mappings,
)
from svyaz.exchange.actions.books import alone
from svyaz.exchange.actions.encodings import ENCODINGS
from svyaz.exchange.actions.formats import CARDS, TEXT, Wish
from svyaz.exchange.actions.matching import KEYS
from svyaz.exchange.actions.undoing import take_back_import
from svyaz.exchange.actions.uploads import NotNow, undo_import
from svyaz.exchange.models import Import, Remnant
from svyaz.exchange.results import bad_rows_table
from svyaz.places.models import Area
from svyaz.users.models import User

SYSTEM = "system"
DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|"}


class Command(BaseCommand):
    """Reads the words of the command line, calls the action, shows how far it is and what came of it."""

    help = "Take customers over from a file, or take an import back; docs/import.md describes it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=["customers", "list", "undo", "bad-rows"])
        parser.add_argument("file", nargs="?", help="CSV, XLSX or vCard; for undo and bad-rows the import's number")
        parser.add_argument("--mapping", default="", help=f"{', '.join(shipped_mappings())}, or a .toml file")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen; write nothing")
        parser.add_argument("--as-of", type=date.fromisoformat, help="the day the file stands for (default: today)")
        parser.add_argument("--bad-rows", type=Path, help="where rows that cannot be taken over go")
        parser.add_argument("--area", help="code of the area of customers whose row names none")
        parser.add_argument("--source", default="", help="where the file comes from (default: the mapping's source)")
        parser.add_argument("--as", dest="username", default=SYSTEM, help="user in whose name it happens")
        parser.add_argument("--processes", type=int, default=2, help="how many work side by side")
        self._add_reading(parser)
        self._add_matching(parser)

    def _add_reading(self, parser: ArgumentParser) -> None:
        parser.add_argument("--encoding", default="", choices=ENCODINGS, help="if it is guessed wrongly")
        parser.add_argument("--delimiter", default="", choices=DELIMITERS, help="if it is guessed wrongly")
        parser.add_argument("--header-line", type=int, help="line of the header; 0: the file has none")
        parser.add_argument("--sheet", default="", help="sheet of a spreadsheet (default: the first)")

    def _add_matching(self, parser: ArgumentParser) -> None:
        parser.add_argument("--match", default="", help=f"find known customers by: {','.join(KEYS)}")
        parser.add_argument(
            "--matched", default=Import.Matched.REFUSE, choices=Import.Matched.values, help="what becomes of them"
        )
        parser.add_argument(
            "--unmatched", default=Import.Unmatched.CREATE, choices=Import.Unmatched.values, help="and of the others"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        console = Console(file=vars(self.stdout)["_out"], highlight=False)
        doers: dict[str, Callable[[Console, dict[str, Any]], None]] = {
            "customers": _take_over, "list": _list, "undo": _undo, "bad-rows": _bad_rows,
        }  # fmt: skip
        if options["what"] != "list" and not options["file"]:
            raise CommandError(_("Name a file, or the number of an import."))
        doers[options["what"]](console, options)


def _take_over(console: Console, options: dict[str, Any]) -> None:
    path = Path(options["file"])
    size = path.stat().st_size if path.is_file() else 0
    progress = _bar(console)
    bar = progress.add_task(path.name, total=size or None, rows=0, rate=0, bad=0)

    def show(result: Result) -> None:
        rate = result.rows / result.seconds if result.seconds else 0
        progress.update(bar, completed=result.bytes_read, rows=result.rows, rate=round(rate), bad=result.bad)

    with progress:
        try:
            result = _import(path, options, show)
        except (ImportIsRunning, MappingError, MissingColumns, UnknownKey, UnreadableFile) as error:
            raise CommandError(str(error)) from error
        show(result)
    _tell(console, result, dry_run=options["dry_run"])


def _import(path: Path, options: dict[str, Any], show: Callable[[Result], None]) -> Result:
    mapping = options["mapping"] or ("vcard" if path.suffix.lower() in {".vcf", ".vcard"} else "")
    if not mapping:
        raise MappingError(_("Name a mapping: {known}.").format(known=", ".join(shipped_mappings())))
    wish = Wish(options["encoding"], DELIMITERS.get(options["delimiter"], ""), options["header_line"], options["sheet"])
    return import_customers(
        path=path, mapping=mapping, by=_user(options["username"]), at=now(), as_of=options["as_of"] or localdate(),
        dry_run=options["dry_run"], area=_area(options["area"]), bad_rows=options["bad_rows"],
        source=options["source"], wish=wish, processes=max(0, options["processes"]), on_progress=show,
        match=[key.strip() for key in options["match"].split(",") if key.strip()], matched=options["matched"],
        unmatched=options["unmatched"],
    )  # fmt: skip


def _batch(number: str) -> Import:
    found: Import | None = Import.objects.filter(pk=int(number)).first() if number.isdigit() else None
    if found is None:
        raise CommandError(_("There is no import {number}.").format(number=number))
    return found


def _list(console: Console, options: dict[str, Any]) -> None:
    table = Table(box=None, pad_edge=False)
    heading = (_("number"), _("file"), _("state"), _("added"), _("changed"), _("known"), _("bad"), _("started"))
    for name in heading:
        table.add_column(name)
    for batch in Import.objects.order_by("-started_at", "-pk")[:50]:
        counts = (batch.added, batch.updated, batch.unchanged, batch.bad)
        table.add_row(
            str(batch.pk), batch.file_name, batch.get_status_display(), *map(str, counts),
            f"{batch.started_at:%Y-%m-%d %H:%M}",
        )  # fmt: skip
    console.print(table)


def _undo(console: Console, options: dict[str, Any]) -> None:
    batch, by = _batch(options["file"]), _user(options["username"])
    progress = Progress(TextColumn("{task.description}"), BarColumn(), console=console, disable=not console.is_terminal)
    bar = progress.add_task(batch.file_name, total=batch.added + batch.updated)
    try:
        with progress, alone(batch.source):
            if batch.status != Import.Status.UNDOING:
                batch = undo_import(batch=batch, by=by, at=now(), as_job=False)
            take_back_import(batch, by=by, at=now(), on_progress=lambda it: progress.update(bar, completed=it.undone))
    except (NotNow, ImportIsRunning) as fact:
        raise CommandError(str(fact)) from fact
    console.print(_("Taken back: {count}").format(count=batch.undone))
    if stayed := Remnant.objects.filter(taken_in=batch).count():
        console.print(_("Worked on since and left in place: {count}").format(count=stayed))


def _bad_rows(console: Console, options: dict[str, Any]) -> None:
    batch = _batch(options["file"])
    path: Path = options["bad_rows"] or Path(f"{batch.pk}-{Path(batch.file_name).stem}.bad.csv")
    path.touch(mode=0o600)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(bad_rows_table(batch))
    console.print(f"{_('Bad rows')}: {path}", markup=False, soft_wrap=True)


def _bar(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TextColumn(_("{task.fields[rows]} rows, {task.fields[rate]}/s, {task.fields[bad]} bad")),
        TimeRemainingColumn(),
        console=console,
        disable=not console.is_terminal,
    )


def _user(username: str) -> User:
    user = User.objects.filter(username=username.lower()).first()
    if user is not None:
        return user
    if username != SYSTEM:
        raise CommandError(_("There is no user {username}.").format(username=username))
    return create_user(username=SYSTEM, name="Svyaz", password=None, kind=User.Kind.SYSTEM, by=None, at=now())


def _area(code: str | None) -> Area | None:
    if code is None:
        return None
    area = Area.objects.filter(code=code).first()
    if area is None:
        raise CommandError(_("There is no area with the code {code}.").format(code=code))
    return area


def _format(result: Result) -> str:
    how = result.format
    delimiter = {"\t": _("tab"), ",": _("comma"), ";": _("semicolon"), "|": "|"}[how.delimiter]
    if how.kind == TEXT:
        return f"{how.encoding}, {delimiter}"
    return "vCard" if how.kind == CARDS else f"XLSX, {how.sheet}"


def _tell(console: Console, result: Result, *, dry_run: bool) -> None:
    table = Table(show_header=False, box=None, pad_edge=False)
    table.add_column()
    table.add_column(justify="right")
    for name, count in (
        (_("rows"), result.rows),
        (_("would be added") if dry_run else _("added"), result.added),
        (_("would be changed") if dry_run else _("changed"), result.updated),
        (_("known already"), result.unchanged),
        (_("left out"), result.skipped),
        (_("bad"), result.bad),
        (_("notices"), result.notices),
    ):
        table.add_row(name, f"{count:,}".replace(",", " "))
    console.print(f"{_format(result)}; {_('as of')} {result.as_of}", markup=False)
    console.print(table)
    _tell_more(console, result, dry_run=dry_run)


def _tell_more(console: Console, result: Result, *, dry_run: bool) -> None:
    if result.seconds:
        console.print(_("{rate} rows a second").format(rate=round(result.rows / result.seconds)))
    if result.unused_columns:
        console.print(_("Columns not taken over: {names}").format(names=", ".join(result.unused_columns)), markup=False)
    for text, path in ((_("Bad rows"), result.bad_rows_file), (_("Notices"), result.notices_file)):
        if path:
            console.print(f"{text}: {path}", markup=False, soft_wrap=True)
    if dry_run:
        console.print(_("A dry run: nothing was written."))
    elif result.import_id:
        console.print(_("Import {number}; to take it back: svyaz import undo {number}").format(number=result.import_id))
