"""Keeps programs running: starts them, restarts what dies, stops all of them."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from types import FrameType

from svyaz.cli.process import end_with_parent

FIRST_PAUSE = 0.5
LONGEST_PAUSE = 30.0
# A program that ran this long was well: its next end counts as the first one.
WELL_AFTER = 60.0
STOP_SECONDS = 15.0
TICK = 0.1


@dataclass
class Program:
    """One program that must run: its name, its command line, and how it fares."""

    name: str
    command: list[str]
    environment: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    pause: float = 0.0
    due_at: float = 0.0

    def start(self) -> None:
        """Start the program in a group of its own, so that the terminal's Ctrl-C reaches only the supervisor."""
        supervisor = os.getpid()
        self.process = subprocess.Popen(
            self.command,
            env=os.environ | self.environment,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=lambda: end_with_parent(signal.SIGTERM, parent=supervisor),
        )
        self.started_at = time.monotonic()

    def look_after(self) -> None:
        """Start the program again if it died, later each time it dies soon."""
        now = time.monotonic()
        if self.process is None:
            if now >= self.due_at:
                self.start()
            return
        if self.process.poll() is None:
            return
        status = self.process.returncode
        self.signal(signal.SIGKILL)
        self.process = None
        lived = now - self.started_at
        self.pause = FIRST_PAUSE if lived > WELL_AFTER or not self.pause else min(self.pause * 2, LONGEST_PAUSE)
        self.due_at = now + self.pause
        print(f"svyaz: {self.name} ended with status {status}; again in {self.pause:g} s", file=sys.stderr, flush=True)

    def signal(self, number: int) -> None:
        """Signal the program and whatever it started."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, number)

    def is_running(self) -> bool:
        """Tell whether the program's process lives."""
        return self.process is not None and self.process.poll() is None


class Supervisor:
    """Runs programs until it is told to stop; does what else must be done `also`, ten times a second."""

    def __init__(self, programs: list[Program], *, also: list[Callable[[], None]]) -> None:
        self.programs = programs
        self.also = also
        self.stopping = False

    def run(self) -> None:
        """Keep everything running; return after SIGINT, SIGTERM or SIGHUP, with everything stopped."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._stop)
        try:
            while not self.stopping:
                for look_after in [*self.also, *(program.look_after for program in self.programs)]:
                    look_after()
                time.sleep(TICK)
        finally:
            self.stop()

    def stop(self) -> None:
        """Ask every program to end; end by force what does not."""
        for program in self.programs:
            if program.process is not None:
                program.process.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        while time.monotonic() < deadline and any(program.is_running() for program in self.programs):
            time.sleep(TICK / 2)
        for program in self.programs:
            program.signal(signal.SIGKILL)

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True
