"""`svyaz up`: everything that must run, from an empty folder to a working address."""

import contextlib
import fcntl
import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from http import HTTPStatus
from pathlib import Path

from svyaz.cli import assets, environment, front, schema
from svyaz.cli.database import Addresses, database
from svyaz.cli.errors import CannotGoOn
from svyaz.cli.state import PROJECT_DIR, keep_keys, state_dir
from svyaz.cli.supervisor import FIRST_PAUSE, LONGEST_PAUSE, Program, Supervisor

# A server that was just told to stop, or whose supervisor was killed, needs a moment to let its port go.
PATIENCE = 5
KEEP_SECONDS = 1.0


def main() -> int:
    """Start the data base, bring it up to date, then keep the web server and the worker running."""
    folder = state_dir()
    keep_keys(folder)
    os.environ["SVYAZ_STATE"] = str(folder)
    host, port = os.environ.get("SVYAZ_HOST", "127.0.0.1"), int(os.environ.get("PORT", "8000"))
    assets.build_assets()
    with only_one(folder), database(folder) as addresses:
        refuse_a_taken_port(host, port)
        schema.prepare(addresses)
        environment.use(addresses)
        prepare()
        Supervisor(programs(), also=[keeper(addresses), herald(host, port, folder)]).run()
    print("svyaz: stopped")
    return 0


@contextlib.contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Refuse a second start on the same state folder."""
    with (folder / "up.lock").open("a") as lock:
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise CannotGoOn(f"it is running already, with its state in {folder}.") from None
                time.sleep(0.5)
        yield


def refuse_a_taken_port(host: str, port: int) -> None:
    """Stop if another program listens there: the server itself would share the port with it without a word."""
    deadline = time.monotonic() + PATIENCE
    while True:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with contextlib.closing(socket.socket(family)) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError as error:
                if time.monotonic() > deadline:
                    raise CannotGoOn(
                        f"cannot listen on {host}:{port} ({error.strerror}); choose another port: PORT=8001 svyaz up"
                    ) from error
            else:
                return
        time.sleep(0.5)


def prepare() -> None:
    """Bring tables and static files up to date and load the demo operator, each only where it is needed."""
    done = subprocess.run([sys.executable, "-m", "svyaz.cli.first_start"], cwd=PROJECT_DIR)
    if done.returncode:
        raise CannotGoOn("the preparation failed; nothing was started.")


def programs() -> list[Program]:
    """Return what runs: front door, web server, live process, and the worker that does what was put off.

    Without a front door the web server listens itself, and stands in for the live process.
    """
    python = [sys.executable, "-m"]
    worker = Program("worker", [*python, "svyaz.cli.worker"])
    if not front.is_possible():
        return [Program("web", [*python, "svyaz.cli.web"]), worker]
    return [
        Program("front", [*python, "svyaz.cli.front"]),
        Program("web", [*python, "svyaz.cli.web", "--behind"]),
        Program("live", [*python, "svyaz.cli.live"]),
        worker,
    ]


def keeper(addresses: Addresses) -> Callable[[], None]:
    """Return what starts the data base again if it dies; while it cannot start, it tries ever more rarely."""
    due_at, pause = 0.0, 0.0

    def keep() -> None:
        nonlocal due_at, pause
        if time.monotonic() < due_at:
            return
        try:
            addresses.keep_running()
            pause = 0.0
        except CannotGoOn as error:
            pause = min(max(pause * 2, FIRST_PAUSE), LONGEST_PAUSE)
            print(f"svyaz: {error}; again in {pause:g} s", file=sys.stderr, flush=True)
        due_at = time.monotonic() + max(pause, KEEP_SECONDS)

    return keep


def herald(host: str, port: int, folder: Path) -> Callable[[], None]:
    """Return what says, once the server answers, where it runs and who may log in to a demo base."""
    shown = "localhost" if host in {"127.0.0.1", "0.0.0.0"} else host
    said = False

    def say() -> None:
        nonlocal said
        if said or not answers(shown, port):
            return
        said = True
        cast = folder / "demo.txt"
        demo = f"  {cast.read_text().strip()}\n" if cast.exists() else ""
        print(f"\n  Svyaz: http://{shown}:{port}/\n{demo}  Ctrl-C stops everything.\n", flush=True)

    return say


def answers(host: str, port: int) -> bool:
    """Tell whether the web server answers."""
    connection = http.client.HTTPConnection(host, port, timeout=1)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status < HTTPStatus.INTERNAL_SERVER_ERROR
    except OSError:
        return False
    finally:
        connection.close()
