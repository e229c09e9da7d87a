"""The live process: granian over ASGI in one worker, which holds every open page's stream."""

import os
import resource
import signal
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels
from granian.server import Server

from svyaz.cli.front import sockets
from svyaz.cli.process import end_with_parent

BACKLOG = 2048


def load(parent: int) -> Callable[..., Any]:
    """Return the application, inside the worker process, which ends with the server's main process."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    end_with_parent(signal.SIGKILL, parent=parent)
    from svyaz.desk.live.asgi import application

    return application


def main() -> None:
    """Serve until told to stop."""
    # A stream is an open file; the usual limit is for programs with few.
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    socket = sockets().live
    Path(socket).unlink(missing_ok=True)
    Server(
        "svyaz.desk.live.asgi:application",
        uds=socket,
        interface=Interfaces.ASGI,
        workers=1,
        backlog=BACKLOG,
        http=HTTPModes.http1,
        websockets=False,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        respawn_interval=0.2,
        workers_kill_timeout=2,
    ).serve(target_loader=partial(load, os.getpid()), wrap_loader=False)


if __name__ == "__main__":
    main()
