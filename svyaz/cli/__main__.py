"""Lets `python -m svyaz.cli` do what the `svyaz` command does."""

import sys

from svyaz.cli.main import main

sys.exit(main())
