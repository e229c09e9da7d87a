"""Svyaz under measurement: all programs that `svyaz up` runs, as it runs them, their memory and their time."""

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass

import psutil

from svyaz.cli.supervisor import Program
from svyaz.cli.up import programs

START_SECONDS = 60
STOP_SECONDS = 15


@dataclass(frozen=True)
class Clocks:
    """Processor seconds by process, of front door and servers, and of PostgreSQL."""

    web: dict[int, float]
    sql: dict[int, float]

    def since(self, before: "Clocks") -> tuple[float, float]:
        """Return the seconds used since then, by the processes that are still there."""
        return _more(self.web, before.web), _more(self.sql, before.sql)


def _more(after: dict[int, float], before: dict[int, float]) -> float:
    return sum(seconds - before.get(pid, 0.0) for pid, seconds in after.items())


@dataclass(frozen=True)
class Running:
    """The running programs by name: where they answer, and which processes belong to what."""

    port: int
    programs: dict[str, int]
    postgres: int

    def memory(self) -> dict[str, float]:
        """Return the megabytes of all programs: resident sets added up, and with shared pages counted once."""
        processes = [process for pid in self.programs.values() for process in _family(pid)]
        resident = sum(process.memory_info().rss for process in processes)
        proportional = sum(process.memory_full_info().pss for process in processes)
        return {"rss_mb": round(resident / 2**20), "pss_mb": round(proportional / 2**20), "processes": len(processes)}

    def clocks(self) -> "Clocks":
        """Return the processor seconds that each process between the client and PostgreSQL, and of it, has used."""
        web: dict[int, float] = {}
        for name, pid in self.programs.items():
            web |= _seconds(pid) if name != "worker" else {}
        return Clocks(web, _seconds(self.postgres))


def _family(pid: int) -> list[psutil.Process]:
    main = psutil.Process(pid)
    return [main, *main.children(recursive=True)]


def _seconds(pid: int) -> dict[int, float]:
    used = {}
    for process in _family(pid):
        with contextlib.suppress(psutil.NoSuchProcess):
            times = process.cpu_times()
            used[process.pid] = times.user + times.system
    return used


def free_port() -> int:
    """Return a port of the loopback interface that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def running(postgres: int) -> Iterator[Running]:
    """Run what `svyaz up` runs on the database of the environment; stop all of it at the end, whatever happens."""
    port = free_port()
    started = programs()
    try:
        for program in started:
            program.environment = {
                "SVYAZ_HOST": "127.0.0.1", "PORT": str(port), "SVYAZ_WORKERS": "2", "SVYAZ_LOG_LEVEL": "ERROR",
                # One token makes all the requests: its allowance would be what is measured.
                "SVYAZ_API_RATE": "0",
            }  # fmt: skip
            program.start()
        pids = {program.name: _pid(program) for program in started}
        _wait_until_ready(port, started)
        yield Running(port=port, programs=pids, postgres=postgres)
    finally:
        _stop(started)


def _pid(program: Program) -> int:
    assert program.process is not None
    return program.process.pid


def _wait_until_ready(port: int, started: list[Program]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if dead := [program.name for program in started if not program.is_running()]:
            raise RuntimeError(f"{', '.join(dead)} ended at once; see above.")
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        with contextlib.suppress(OSError), contextlib.closing(connection):
            connection.request("GET", "/healthz")
            if connection.getresponse().status == http.HTTPStatus.OK:
                return
        time.sleep(0.2)
    raise RuntimeError("the web server does not answer.")


def _stop(started: list[Program]) -> None:
    for program in started:
        if program.process is not None:
            program.process.terminate()
    for program in started:
        if program.process is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                program.process.wait(STOP_SECONDS)
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(program.process.pid, signal.SIGKILL)
            program.process.wait()
