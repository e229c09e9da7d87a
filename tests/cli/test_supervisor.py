"""What is supervised comes back when it dies, goes when it is told, and never outlives its supervisor."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from svyaz.cli.state import PROJECT_DIR

SUPERVISOR = """
import sys
from svyaz.cli.supervisor import Program, Supervisor
child = "import os, pathlib, time; pathlib.Path(%r).open('a').write(f'{os.getpid()}\\\\n'); time.sleep(60)"
Supervisor([Program("child", [sys.executable, "-c", child])], also=[]).run()
"""


def until(condition: Callable[[], object], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.05)


def lives(pid: int) -> bool:
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


@pytest.fixture
def births(tmp_path: Path) -> Path:
    return tmp_path / "births"


@pytest.fixture
def supervisor(births: Path):
    process = subprocess.Popen(
        [sys.executable, "-c", SUPERVISOR % str(births)], cwd=PROJECT_DIR, stderr=subprocess.DEVNULL
    )
    until(births.exists)
    until(births.read_text)
    yield process
    if process.poll() is None:
        process.kill()
        process.wait()


def children(births: Path) -> list[int]:
    return [int(line) for line in births.read_text().split()]


def test_what_dies_comes_back(supervisor: subprocess.Popen[bytes], births: Path) -> None:
    os.kill(children(births)[0], signal.SIGKILL)
    until(lambda: len(children(births)) == 2)
    assert lives(children(births)[1])


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_everything_stops_with_the_supervisor(
    supervisor: subprocess.Popen[bytes], births: Path, number: signal.Signals
) -> None:
    supervisor.send_signal(number)
    assert supervisor.wait(timeout=10) == 0
    assert not lives(children(births)[0])


def test_nothing_outlives_a_killed_supervisor(supervisor: subprocess.Popen[bytes], births: Path) -> None:
    supervisor.kill()
    supervisor.wait()
    until(lambda: not lives(children(births)[0]))
