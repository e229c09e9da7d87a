"""`svyaz up`: everything that must run, from an empty folder to a working address."""

import os
import socket
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

from svyaz.cli import environment
from svyaz.cli.database import Addresses, database
from svyaz.cli.errors import CannotGoOn
from svyaz.cli.state import PROJECT_DIR, keep_keys, state_dir
from svyaz.cli.supervisor import Program, Supervisor

# After `kill -9` the former server needs a moment to let its port go.
PORT_SECONDS = 10


def main() -> int:
    """Start the data base, bring it up to date, then keep the web server and the worker running."""
    folder = state_dir()
    keep_keys(folder)
    os.environ["SVYAZ_STATE"] = str(folder)
    host, port = os.environ.get("SVYAZ_HOST", "127.0.0.1"), int(os.environ.get("PORT", "8000"))
    refuse_a_taken_port(host, port)
    with database(folder) as addresses:
        environment.migrate(addresses)
        environment.use(addresses)
        prepare(addresses)
        supervisor = Supervisor(programs())
        announce(host, port, folder)
        supervisor.run()
    print("svyaz: stopped")
    return 0


def refuse_a_taken_port(host: str, port: int) -> None:
    """Stop if another program listens there: the server itself would share the port with it without a word."""
    deadline = time.monotonic() + PORT_SECONDS
    while True:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with closing(socket.socket(family)) as probe:
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


def prepare(addresses: Addresses) -> None:
    """Collect static files and load the demo operator, each only where it is needed."""
    done = subprocess.run([sys.executable, "-m", "svyaz.cli.first_start"], cwd=PROJECT_DIR)
    if done.returncode:
        raise CannotGoOn("the preparation failed; nothing was started.")


def programs() -> list[Program]:
    """Return what runs: the web server, and the worker that does what was put off."""
    python = [sys.executable, "-m"]
    return [
        Program("web", [*python, "svyaz.cli.web"]),
        Program("worker", [*python, "svyaz.cli.worker"]),
    ]


def announce(host: str, port: int, folder: Path) -> None:
    """Say where it runs, and who may log in to a demo base."""
    shown = "localhost" if host in {"127.0.0.1", "0.0.0.0"} else host
    print(f"\n  Svyaz: http://{shown}:{port}/", flush=True)
    cast = folder / "demo.txt"
    if cast.exists():
        print(f"  {cast.read_text().strip()}", flush=True)
    print("  Ctrl-C stops everything.\n", flush=True)
