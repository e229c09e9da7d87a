"""The application's role works with rows; it cannot rewrite history or touch the tables."""

import pytest
from django.db import connection
from django.db.utils import ProgrammingError

pytestmark = pytest.mark.django_db


def run(statement: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall() if cursor.description else []


def test_the_tests_run_as_a_role_that_is_neither_superuser_nor_owner() -> None:
    assert run("SELECT rolsuper FROM pg_roles WHERE rolname = current_user") == [(False,)]
    assert run("SELECT count(*) FROM pg_tables WHERE tableowner = current_user") == [(0,)]


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE new_one (id int)",
        "DROP TABLE users_user",
        "TRUNCATE users_user CASCADE",
        "ALTER TABLE users_user ADD x int",
    ],
)
def test_the_application_cannot_touch_tables(statement: str) -> None:
    with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"):
        run(statement)


def test_russian_words_can_be_found() -> None:
    assert run("SELECT 'Иванов' ILIKE '%ИВАН%', cardinality(show_trgm('ж')) > 0") == [(True, True)]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
def test_a_transactional_test_leaves_nothing_behind(turn: int, django_user_model: type) -> None:
    assert not django_user_model.objects.filter(username="left-behind").exists()  # type: ignore[attr-defined]
    django_user_model.objects.create(username="left-behind", name="X")  # type: ignore[attr-defined]
