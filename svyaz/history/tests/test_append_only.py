"""Events are never altered: not by the application's role, nor by the owner of the tables."""

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from svyaz.history.actions import record
from svyaz.history.models import Event
from svyaz.history.tests.samples import NOON, Sample, another_connection
from svyaz.users.models import User

CHANGES = [
    "UPDATE history_event SET kind = 'x'",
    "DELETE FROM history_event",
    "TRUNCATE history_event CASCADE",
    "UPDATE history_event SET details = '{}' WHERE id = (SELECT max(id) FROM history_event)",
]


@pytest.mark.django_db
@pytest.mark.parametrize("statement", CHANGES)
def test_the_application_alters_no_event(statement):
    user = User.objects.create(username="writer", name="Writer")
    record(Sample.CAME, subject=user, by=user, at=NOON)

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)

    assert Event.objects.get().kind == Sample.CAME


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE history_event DISABLE TRIGGER ALL",
        "DROP TRIGGER append_only_rows ON history_event",
        "DROP TABLE history_event CASCADE",
        "SET session_replication_role = replica",
    ],
)
def test_the_application_does_not_lift_the_ban(statement):
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.django_db(transaction=True)
def test_the_owner_alters_no_event_either():
    user = User.objects.create(username="writer", name="Writer")
    record(Sample.CAME, subject=user, by=user, at=NOON)

    with another_connection(owner=True) as owner:
        for statement in CHANGES:
            with pytest.raises(psycopg.errors.InsufficientPrivilege, match="append-only"), owner.transaction():
                owner.execute(statement)

    assert Event.objects.get().kind == Sample.CAME
