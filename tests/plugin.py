"""Loaded by pytest before anything else: gives every test run keys, a PostgreSQL server and a data base of its own."""

import atexit
import os
from contextlib import ExitStack

import pytest

from svyaz.cli.database import database
from svyaz.cli.environment import use
from svyaz.cli.state import PROJECT_DIR

# Not the state of `make up`: a test never touches what somebody works with.
STATE = PROJECT_DIR / "var" / "test"
_running = ExitStack()


def _start() -> None:
    (STATE / "static").mkdir(parents=True, exist_ok=True)  # where nothing is collected, but looked for
    os.environ["SVYAZ_STATE"] = str(STATE)
    os.environ.setdefault("SVYAZ_SECRET_KEY", "tests only")
    os.environ.setdefault("SVYAZ_DATA_KEY", "dGVzdHMgb25seSwgdGVzdHMgb25seSwgdGVzdHMhISE=")
    os.environ["SVYAZ_TESTING"] = "1"
    use(_running.enter_context(database(STATE)))


# pytest-django reads the settings before any hook of ours runs, and they need the data base's address.
_start()
atexit.register(_running.close)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the server that this run started."""
    _running.close()
