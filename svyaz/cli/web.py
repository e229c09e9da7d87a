"""The web server's process: granian over WSGI, one thread pool in each of its workers."""

import os
import signal
from collections.abc import Callable
from functools import partial
from typing import Any

from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels
from granian.server import Server

from svyaz.cli.process import end_with_parent

BACKLOG = 1024
# More threads than a core can feed only add switches between them; fewer leave it idle while the base answers.
BLOCKING_THREADS = 4
# Requests that wait inside a worker; further ones wait in the system's queue, where another worker can take them.
BACKPRESSURE = 64


def load(parent: int) -> Callable[..., Any]:
    """Return the application, inside a worker process that ends with the server's main process."""
    # Until the server sets its own, the forked worker has the main process's handler, which would only take note.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    end_with_parent(signal.SIGKILL, parent=parent)
    from svyaz.wsgi import application

    return application


def main() -> None:
    """Serve until told to stop."""
    Server(
        "svyaz.wsgi:application",
        address=os.environ.get("SVYAZ_HOST", "127.0.0.1"),
        port=int(os.environ.get("PORT", "8000")),
        interface=Interfaces.WSGI,
        workers=int(os.environ.get("SVYAZ_WORKERS", "2")),
        blocking_threads=BLOCKING_THREADS,
        blocking_threads_idle_timeout=600,
        backlog=BACKLOG,
        backpressure=BACKPRESSURE,
        http=HTTPModes.http1,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        respawn_interval=0.2,
        workers_kill_timeout=5,
    ).serve(target_loader=partial(load, os.getpid()), wrap_loader=False)


if __name__ == "__main__":
    main()
