"""`svyaz import customers FILE --mapping NAME`: take customers over from a file."""

from argparse import ArgumentParser
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
    UnreadableFile,
    import_customers,
    shipped_mappings,
)
from svyaz.places.models import Area
from svyaz.users.models import User

SYSTEM = "system"


class Command(BaseCommand):
    """Reads the words of the command line, calls the action, shows how far it is and what came of it."""

    help = "Take customers over from a CSV file; docs/import.md describes the mappings."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=["customers"], help="what the file holds")
        parser.add_argument("file", type=Path, help="CSV: UTF-8 or cp1251; comma, semicolon or tab")
        parser.add_argument("--mapping", required=True, help=f"{', '.join(shipped_mappings())}, or a .toml file")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen; write nothing")
        parser.add_argument("--as-of", type=date.fromisoformat, help="the day the file stands for (default: today)")
        parser.add_argument("--bad-rows", type=Path, help="where rows that cannot be taken over go")
        parser.add_argument("--area", help="code of the area of customers whose row names none")
        parser.add_argument("--source", default="", help="where the file comes from (default: the mapping's source)")
        parser.add_argument("--encoding", default="", choices=["utf-8", "cp1251"], help="if it is guessed wrongly")
        parser.add_argument("--as", dest="username", default=SYSTEM, help="user in whose name it happens")
        parser.add_argument("--processes", type=int, default=2, help="how many work side by side")

    def handle(self, *args: Any, **options: Any) -> None:
        console = Console(file=vars(self.stdout)["_out"], highlight=False)
        path: Path = options["file"]
        size = path.stat().st_size if path.is_file() else 0
        progress = _bar(console)
        bar = progress.add_task(path.name, total=size or None, rows=0, rate=0, bad=0)

        def show(result: Result) -> None:
            rate = result.rows / result.seconds if result.seconds else 0
            progress.update(bar, completed=result.bytes_read, rows=result.rows, rate=round(rate), bad=result.bad)

        with progress:
            try:
                result = import_customers(
                    path=path, mapping=options["mapping"], by=_user(options["username"]), at=now(),
                    as_of=options["as_of"] or localdate(), dry_run=options["dry_run"], area=_area(options["area"]),
                    bad_rows=options["bad_rows"], source=options["source"], encoding=options["encoding"],
                    processes=max(0, options["processes"]), on_progress=show,
                )  # fmt: skip
            except (ImportIsRunning, MappingError, MissingColumns, UnreadableFile) as error:
                raise CommandError(str(error)) from error
            show(result)
        _tell(console, result, dry_run=options["dry_run"])


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


def _tell(console: Console, result: Result, *, dry_run: bool) -> None:
    how = result.format
    delimiter = {"\t": _("tab"), ",": _("comma"), ";": _("semicolon")}[how.delimiter]
    table = Table(show_header=False, box=None, pad_edge=False)
    table.add_column()
    table.add_column(justify="right")
    for name, count in (
        (_("rows"), result.rows),
        (_("would be added") if dry_run else _("added"), result.added),
        (_("known already"), result.unchanged),
        (_("bad"), result.bad),
        (_("notices"), result.notices),
    ):
        table.add_row(name, f"{count:,}".replace(",", " "))
    console.print(f"{how.encoding}, {delimiter}; {_('as of')} {result.as_of}")
    console.print(table)
    if result.seconds:
        console.print(_("{rate} rows a second").format(rate=round(result.rows / result.seconds)))
    if result.unused_columns:
        console.print(_("Columns not taken over: {names}").format(names=", ".join(result.unused_columns)), markup=False)
    for text, path in ((_("Bad rows"), result.bad_rows_file), (_("Notices"), result.notices_file)):
        if path:
            console.print(f"{text}: {path}", markup=False, soft_wrap=True)
    if dry_run:
        console.print(_("A dry run: nothing was written."))
