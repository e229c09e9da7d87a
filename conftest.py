"""What every test may use: the data base of the run, the order of the tests."""

import os
from collections.abc import Iterator

import pytest

from tests.database import TestDatabase

pytest_plugins = ["tests.cast", "tests.provider"]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put the journeys last; for the second pass on another PostgreSQL leave only what touches the data base."""
    items.sort(key=_is_journey)
    if os.environ.get("SVYAZ_TESTS") == "database":
        chosen = [item for item in items if _touches_the_database(item) and not _is_journey(item)]
        config.hook.pytest_deselected(items=[item for item in items if item not in chosen])
        items[:] = chosen


def _is_journey(item: pytest.Item) -> bool:
    return item.nodeid.startswith("tests/journeys/")


def _touches_the_database(item: pytest.Item) -> bool:
    return "_django_db_helper" in getattr(item, "fixturenames", ()) or item.get_closest_marker("django_db") is not None


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: object) -> Iterator[None]:
    """Make this run's data base from the template; the tests work in it as the application's role."""
    base = TestDatabase.for_this_run()
    base.create()
    base.connect_django()
    base.reset_after_transactional_tests()
    yield
    base.drop()
