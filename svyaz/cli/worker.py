"""The worker's process: does what was put off, one small pool of jobs at a time."""

import os
import sys

from django.core.management import execute_from_command_line

# What was done is told by history; only what failed stays in the queue, to be seen.
ARGUMENTS = ["procrastinate", "worker", "--concurrency=4", "--shutdown-graceful-timeout=10", "--delete-jobs=successful"]


def main() -> None:
    """Work until told to stop."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "svyaz.settings")
    execute_from_command_line([sys.argv[0], *ARGUMENTS])


if __name__ == "__main__":
    main()
