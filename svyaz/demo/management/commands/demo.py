"""svyaz demo: fill an empty base with the sample operator."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import now
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from svyaz.demo.actions import CUSTOMERS, EARLIEST, MOST_CUSTOMERS, BaseIsNotEmpty, analyze, load_demo
from svyaz.demo.queries import CAST_PASSWORD, cast_logins
from svyaz.demo.world import MOSCOW


def day(text: str) -> date:
    """Return a day written as 2025-03-31, for which the story has happened."""
    found = date.fromisoformat(text)
    if found < EARLIEST:
        raise ValueError(text)
    return found


def count(text: str) -> int:
    """Return a number of customers that the sample operator has telephone numbers for."""
    number = int(text)
    if not 1 <= number <= MOST_CUSTOMERS:
        raise ValueError(text)
    return number


class Command(BaseCommand):
    """Loads the sample operator: three regions, departments, a cast that can log in, customers with their history."""

    help = "Load the sample operator into an empty base."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the day on which the base should look alive, and how many customers it should have."""
        parser.add_argument("--as-of", type=day, default=None, help="YYYY-MM-DD; default: today")
        parser.add_argument("--customers", type=count, default=CUSTOMERS, help=f"default {CUSTOMERS}")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, with a bar that shows how far it is."""
        as_of = options["as_of"] or now().astimezone(MOSCOW).date()
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        bar = Progress(*columns, console=Console(stderr=True))
        try:
            with bar:
                task = bar.add_task("Demo operator", total=options["customers"])
                load_demo(as_of, options["customers"], lambda done: bar.update(task, completed=done))
                analyze()
        except BaseIsNotEmpty as refusal:
            raise CommandError(
                "This base holds data already, and the demo operator would mix with it. "
                "Load it into a base of its own: SVYAZ_STATE=var-demo svyaz demo"
            ) from refusal
        self.stdout.write(f"Loaded. Logins: {', '.join(cast_logins())}; password: {CAST_PASSWORD}")
