"""The worker's process: does what was put off, one small pool of jobs at a time."""

import os
import sys

from django.core.management import execute_from_command_line

ARGUMENTS = ["procrastinate", "worker", "--concurrency=4", "--shutdown-graceful-timeout=10"]


def main() -> None:
    """Work until told to stop."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "svyaz.settings")
    execute_from_command_line([sys.argv[0], *ARGUMENTS])


if __name__ == "__main__":
    main()
