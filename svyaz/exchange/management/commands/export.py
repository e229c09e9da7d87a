"""`svyaz export customers --format xlsx --query "state=active" --out FILE`: take a list, or all of them, out."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import override

from svyaz.access.queries import user_named
from svyaz.exchange.actions.export import EVERYTHING, MayNotExport, export_to_file, file_name
from svyaz.exchange.actions.export_sheets import UnknownTable, table_names
from svyaz.exchange.export_job import ExportJob


class Command(BaseCommand):
    """Reads the words of the command line, calls the action, says how many rows there were."""

    help = "Write a list into a file, with the rights of a user; `all` writes every list into a ZIP."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=[*table_names(), EVERYTHING], help="the list")
        parser.add_argument("--format", default="csv", choices=ExportJob.Format.values)
        parser.add_argument("--query", default="", help="as in the list's address: state=active&columns=name,number")
        parser.add_argument("--out", type=Path, help="the file (default: svyaz-LIST.FORMAT here)")
        parser.add_argument("--as", dest="username", required=True, help="user with whose rights it is read")

    def handle(self, *args: Any, **options: Any) -> None:
        user = user_named(options["username"])
        if user is None or not user.is_active:
            raise CommandError(_("There is no user {username}.").format(username=options["username"]))
        what, file_format = options["what"], options["format"]
        path: Path = options["out"] or Path(file_name(what, "zip" if what == EVERYTHING else file_format))
        try:
            with override(user.language):
                rows = export_to_file(
                    what=what, query=options["query"], file_format=file_format, path=path, by=user, at=now()
                )
        except UnknownTable as fact:
            raise CommandError(_("{username} may not see this list.").format(username=user.username)) from fact
        except MayNotExport as fact:
            raise CommandError(
                _("{username} may not take lists out as files.").format(username=user.username)
            ) from fact
        self.stdout.write(_("{rows} rows: {path}").format(rows=rows, path=path))
