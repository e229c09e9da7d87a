"""Server and worker are killed while contacts are written: what was acknowledged is there once, and nothing by half."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import psutil
import psycopg
import pytest

from svyaz.cli.state import PROJECT_DIR
from tests.crash.clients import CONTACTS, Client, post
from tests.database import TestDatabase

pytestmark = pytest.mark.slow
CLIENTS = 6
PASSED_OVER = """
SELECT d.id, i.id FROM decisions_decision d JOIN interactions_interaction i ON i.party_id = d.party_id
WHERE d.made_at < i.recorded_at AND i.id <> d.interaction_id ORDER BY 1, 2
"""
SIGHTED = "SELECT decision_id, interaction_id FROM decisions_sighting ORDER BY 1, 2"
TOLD = """
SELECT subject_id, (details ->> 'interaction')::bigint FROM history_event
WHERE kind = 'decision.not_dealt_with' ORDER BY 1, 2
"""
# Each of these would be a half of something.
HALVES = {
    "contact without its event": """
        SELECT id FROM interactions_interaction i WHERE 1 <> (SELECT count(*) FROM history_event e
        WHERE e.subject_type = 'interactions.interaction' AND e.subject_id = i.id AND kind = 'interaction.recorded')""",
    "decision without its event": """
        SELECT id FROM decisions_decision d WHERE 1 <> (SELECT count(*) FROM history_event e
        WHERE e.subject_type = 'decisions.decision' AND e.subject_id = d.id AND kind = 'decision.made')""",
    "decision without its ground": """
        SELECT id FROM decisions_decision d
        WHERE 1 <> (SELECT count(*) FROM decisions_ground g WHERE g.decision_id = d.id)""",
    "decision without its promise": """
        SELECT id FROM decisions_decision d
        WHERE 1 <> (SELECT count(*) FROM decisions_promise p WHERE p.decision_id = d.id)""",
    "event of nothing": """
        SELECT id FROM history_event e WHERE subject_type = 'interactions.interaction'
        AND NOT EXISTS (SELECT FROM interactions_interaction i WHERE i.id = e.subject_id)""",
    "key of nothing": """
        SELECT id FROM api_idempotencykey k WHERE location LIKE '%/partyInteraction/%' AND NOT EXISTS
        (SELECT FROM interactions_interaction i WHERE k.location LIKE '%/' || i.id)""",
}


@pytest.fixture
def base() -> Iterator[TestDatabase]:
    """A data base of its own, that processes of their own work in."""
    made = TestDatabase.for_this_run("crash")
    made.create()
    yield made
    made.drop()


@pytest.fixture
def environment(base: TestDatabase) -> dict[str, str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    more = {"DATABASE_URL": base.application, "DATABASE_OWNER_URL": base.owner, "PORT": str(port)}
    return os.environ | more | {"SVYAZ_API_RATE": "0", "DJANGO_SETTINGS_MODULE": "svyaz.settings"}


def run(module: str, *arguments: str, environment: dict[str, str]) -> Any:
    """Run one of the scene's commands and return what it printed."""
    command = [sys.executable, "-W", "ignore", "-m", module, *arguments]
    done = subprocess.run(command, cwd=PROJECT_DIR, env=environment, stdout=subprocess.PIPE, check=True, text=True)
    return json.loads(done.stdout)


@contextmanager
def running(module: str, environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """Run a program until the end of the block."""
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", module], cwd=PROJECT_DIR, env=environment, stderr=subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(90)


def kill(process: subprocess.Popen[bytes]) -> None:
    """Kill a program and what it started, as the system does when it runs out of memory."""
    children = psutil.Process(process.pid).children(recursive=True)
    process.send_signal(signal.SIGKILL)
    process.wait(10)
    psutil.wait_procs(children, timeout=10)


def kill_a_child(process: subprocess.Popen[bytes]) -> None:
    """Kill one of the processes that serve, and let the server replace it."""
    deadline = time.monotonic() + 20
    while not (children := psutil.Process(process.pid).children()) and time.monotonic() < deadline:
        time.sleep(0.05)
    children[-1].kill()


def wait_for(condition: Any, *, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come to that"
        time.sleep(0.1)


def test_what_was_acknowledged_is_there_once(base: TestDatabase, environment: dict[str, str]) -> None:
    scene = run("tests.crash.scene", "set", str(CLIENTS), environment=environment)
    port, stopping = int(environment["PORT"]), threading.Event()
    clients = [Client(port, scene["secret"], customer, stopping) for customer in scene["customers"]]
    with ExitStack() as programs, psycopg.connect(base.application, autocommit=True) as connection:

        def written() -> int:
            return int(connection.execute("SELECT count(*) FROM interactions_interaction").fetchone()[0])  # type: ignore[index]

        web = programs.enter_context(running("svyaz.cli.web", environment))
        worker = programs.enter_context(running("svyaz.cli.worker", environment))
        for client in clients:
            client.start()
        wait_for(lambda: written() > 60)
        kill_a_child(web)
        wait_for(lambda: written() > 120)
        kill(worker)
        kill(web)
        web = programs.enter_context(running("svyaz.cli.web", environment))
        so_far = written()
        wait_for(lambda: written() > so_far + 60)
        worker = programs.enter_context(running("svyaz.cli.worker", environment))
        run("tests.crash.scene", "take-back", environment=environment)
        wait_for(lambda: connection.execute(SIGHTED).fetchone() is not None)
        kill(worker)
        worker = programs.enter_context(running("svyaz.cli.worker", environment))
        so_far = written()
        wait_for(lambda: written() > so_far + 30)
        stopping.set()
        for client in clients:
            client.join(90)

        assert [client.refused for client in clients] == [[]] * CLIENTS
        assert sum(client.repeated for client in clients) > 0, "nobody noticed that anything was killed"
        _is_all_there_once(connection, clients)
        _is_answered_again_as_then(clients[0], port, scene["secret"], connection)
        run("tests.crash.scene", "take-back", environment=environment)
        expected = connection.execute(PASSED_OVER).fetchall()
        assert expected
        wait_for(lambda: len(connection.execute(SIGHTED).fetchall()) >= len(expected), seconds=240)
        assert connection.execute(SIGHTED).fetchall() == expected
        assert connection.execute(TOLD).fetchall() == expected


def _is_all_there_once(connection: psycopg.Connection[Any], clients: list[Client]) -> None:
    """Compare what was acknowledged with what is there: the same, each once; and no halves."""
    for table, acknowledged in (
        ("interactions_interaction", [each for client in clients for each in client.contacts.values()]),
        ("decisions_decision", [each for client in clients for each in client.decisions.values()]),
    ):
        there = connection.execute(f"SELECT id::text FROM {table}".encode()).fetchall()
        assert len(set(acknowledged)) == len(acknowledged)
        assert sorted(row[0] for row in there) == sorted(acknowledged)
    for half, sql in HALVES.items():
        assert connection.execute(sql.encode()).fetchall() == [], half


def _is_answered_again_as_then(client: Client, port: int, secret: str, connection: psycopg.Connection[Any]) -> None:
    """Repeat a client's first and last contact: the same answer, and nothing new."""
    before = connection.execute("SELECT count(*) FROM interactions_interaction").fetchone()
    body = {
        "channel": [{"id": "phone"}], "reason": "x",
        "relatedParty": [{"id": str(client.customer), "@referredType": "Customer"}],
    }  # fmt: skip
    for key in (next(iter(client.contacts)), next(reversed(client.contacts))):
        assert post(port, secret, CONTACTS, key, body)[1]["id"] == client.contacts[key]
    assert connection.execute("SELECT count(*) FROM interactions_interaction").fetchone() == before
