"""`svyaz up` as a whole: it comes up from nothing, heals what is killed under it, and leaves nothing behind."""

import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from svyaz.cli.cluster import Cluster
from svyaz.cli.database import embedded_bin_dir
from svyaz.cli.state import PROJECT_DIR

STATE = PROJECT_DIR / "var" / "test" / f"up-{os.getpid()}"
MOST_MEMORY = 600 * 2**20


@dataclass
class Running:
    """A running `svyaz up`."""

    process: subprocess.Popen[bytes]
    port: int

    def ask(self, path: str) -> tuple[int, bytes]:
        """Return status and body, or status 0 while nobody answers."""
        connection = http.client.HTTPConnection("localhost", self.port, timeout=5)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read()
        except OSError:
            return 0, b""
        finally:
            connection.close()

    def is_ready(self) -> bool:
        """Tell whether base, migrations and jobs are well."""
        return self.ask("/readyz")[0] == 200

    def processes(self) -> list[psutil.Process]:
        """Return the supervisor and everything that it runs."""
        own = psutil.Process(self.process.pid)
        return [own, *own.children(recursive=True)]

    def named(self, word: str) -> psutil.Process:
        """Return a supervised process by a word of its command line."""
        return next(child for child in psutil.Process(self.process.pid).children() if is_called(child, word))


def command_of(process: psutil.Process) -> list[str]:
    """Return a process's command line; one that has just died has none."""
    try:
        return list(process.cmdline())
    except (psutil.NoSuchProcess, psutil.ZombieProcess):
        return []


def is_called(process: psutil.Process, word: str) -> bool:
    """Tell whether a word of a process's command line is this one, or names a program of this name."""
    return any(word == Path(part).name or part.endswith(f"/{word}") for part in " ".join(command_of(process)).split())


def until(condition: Callable[[], object], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.2)


@pytest.fixture(scope="module")
def up() -> Iterator[Running]:
    """Start with an empty state folder, without a demo."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    STATE.mkdir(parents=True)
    unset = {"DATABASE_URL", "DATABASE_OWNER_URL"}
    environment = {name: value for name, value in os.environ.items() if name not in unset}
    environment |= {"SVYAZ_STATE": str(STATE), "PORT": str(port), "SVYAZ_DEMO": "0"}
    with (STATE / "up.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "svyaz.cli", "up"], cwd=PROJECT_DIR, env=environment, stdout=log, stderr=log
        )
    running = Running(process, port)
    try:
        until(lambda: running.is_ready() or process.poll() is not None)
        assert process.poll() is None, (STATE / "up.log").read_text(errors="replace")[-3000:]
        yield running
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)
        shutil.rmtree(STATE)


def test_it_is_ready_and_frugal(up: Running) -> None:
    assert json.loads(up.ask("/readyz")[1]) == {"database": "ok", "migrations": "ok", "jobs": "ok"}
    assert sum(process.memory_info().rss for process in up.processes()) < MOST_MEMORY


@pytest.mark.parametrize("word", ["nginx", "svyaz.cli.web", "svyaz.cli.live", "svyaz.cli.worker"])
def test_a_killed_program_comes_back(up: Running, word: str) -> None:
    killed = up.named(word)
    killed.kill()
    until(lambda: any(is_called(process, word) for process in up.processes()[1:] if process.pid != killed.pid))
    until(up.is_ready)
    assert up.named(word).pid != killed.pid


def test_a_killed_worker_of_the_web_server_comes_back(up: Running) -> None:
    killed = up.named("svyaz.cli.web").children()[0]
    killed.kill()
    until(lambda: len(up.named("svyaz.cli.web").children()) == 2)
    until(up.is_ready)


def test_a_killed_data_base_comes_back(up: Running) -> None:
    cluster = Cluster(embedded_bin_dir(), STATE / "postgres")
    os.kill(int((cluster.data_dir / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
    until(lambda: not cluster.is_running())
    until(cluster.is_running)
    until(up.is_ready)


def test_a_second_one_is_refused(up: Running) -> None:
    environment = os.environ | {"SVYAZ_STATE": str(STATE), "PORT": "0"}
    done = subprocess.run(
        [sys.executable, "-m", "svyaz.cli", "up"], cwd=PROJECT_DIR, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 2
    assert f"running already, with its state in {STATE}" in done.stderr


def test_it_stops_with_everything_that_it_started(up: Running) -> None:
    mine = up.processes()
    up.process.send_signal(signal.SIGINT)
    assert up.process.wait(timeout=30) == 0
    assert [process for process in mine if process.is_running()] == []
    assert not Cluster(embedded_bin_dir(), Path(STATE) / "postgres").is_running()
