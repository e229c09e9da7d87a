"""The web server's process: granian over WSGI, one thread pool in each of its workers.

It listens where users come (SVYAZ_HOST, PORT), or with `--behind` on the front door's socket.
"""

import os
import signal
import sys
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels
from granian.server import Server

from svyaz.cli.front import sockets
from svyaz.cli.process import end_with_parent

Application = Callable[..., Iterable[bytes]]

BACKLOG = 1024
# More threads than a core can feed only add switches between them; fewer leave it idle while the base answers.
BLOCKING_THREADS = 4
# Requests that wait inside a worker; further ones wait in the system's queue, where another worker can take them.
BACKPRESSURE = 64


def load(parent: int, is_behind: bool) -> Application:
    """Return the application, inside a worker process that ends with the server's main process."""
    # Until the server sets its own, the forked worker has the main process's handler, which would only take note.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    end_with_parent(signal.SIGKILL, parent=parent)
    from svyaz.wsgi import application

    return behind_the_front_door(application) if is_behind else application


def behind_the_front_door(application: Application) -> Application:
    """Return the application with the client's address as the front door saw it: nobody else can reach the socket."""

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        environ["REMOTE_ADDR"] = environ.get("HTTP_X_REAL_IP", "")
        return application(environ, start_response)

    return answer


def place(*, is_behind: bool) -> dict[str, Any]:
    """Return where to listen."""
    if not is_behind:
        return {"address": os.environ.get("SVYAZ_HOST", "127.0.0.1"), "port": int(os.environ.get("PORT", "8000"))}
    socket = sockets().web
    socket.unlink(missing_ok=True)
    return {"uds": socket}


def main(arguments: list[str]) -> None:
    """Serve until told to stop."""
    is_behind = "--behind" in arguments
    Server(
        "svyaz.wsgi:application",
        **place(is_behind=is_behind),
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
    ).serve(target_loader=partial(load, os.getpid(), is_behind), wrap_loader=False)


if __name__ == "__main__":
    main(sys.argv[1:])
