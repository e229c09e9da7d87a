"""Finds what `svyaz WORD …` means, and runs it with its data base."""

import os
import signal
import sys
from types import FrameType

from svyaz.cli import environment
from svyaz.cli.errors import CannotGoOn

USAGE = """\
svyaz: the relationship system of a telecom operator

  svyaz up                       start everything and keep it running (PORT, SVYAZ_WORKERS)
  svyaz import customers FILE --mapping NAME [--dry-run]
                                 take customers over from a file
  svyaz export LIST --as USER [--format xlsx] [--query …] [--out FILE]
                                 take a list out into a file (all: every list)
  svyaz demo                     load the demo operator
  svyaz token …                  give, list and take back tokens of the API
  svyaz check                    say what is wrong with this installation
  svyaz migrate                  bring the data base's tables up to date
  svyaz assets                   fetch and place the front-end libraries
  svyaz help                     list every command

State (data base, keys): SVYAZ_STATE, else var/. A server of your own: DATABASE_URL, DATABASE_OWNER_URL."""


def main(arguments: list[str] | None = None) -> int:
    """Run one command; return the exit status."""
    arguments = sys.argv[1:] if arguments is None else arguments
    # Without this a `kill` would leave the data base running behind a command that is gone.
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _leave)
    try:
        return _dispatch(arguments)
    except CannotGoOn as error:
        print(f"svyaz: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


def _leave(number: int, frame: FrameType | None) -> None:
    sys.exit(128 + number)


def _dispatch(arguments: list[str]) -> int:
    word, rest = (arguments[0], arguments[1:]) if arguments else ("", [])
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "svyaz.settings")
    if word in {"", "-h", "--help"}:
        print(USAGE)
        return 0
    if word == "assets":
        from svyaz.cli import assets

        return assets.main(rest)
    if word == "check" and not {"-h", "--help"} & set(rest):
        from svyaz.cli import check

        return check.main(rest)
    if word == "up":
        from svyaz.cli import up

        return up.main()
    return environment.run(word, rest)
