"""Worker processes that know Django and the data base of the process that started them."""

import os
import pickle
import signal
import threading
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any


def pool_with_django(processes: int, prepare: Callable[..., None], *arguments: Any) -> ProcessPoolExecutor:
    """Return a pool whose processes have run `prepare` with Django set up, on our data base; they end when we end.

    They are spawned: a forked process would share our connections and the locks of our threads.
    """
    from django.db import connection

    address = {key: connection.settings_dict[key] for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT", "OPTIONS")}
    # Pickled apart, because whatever knows models can be loaded only after Django is set up.
    package = pickle.dumps((prepare, arguments))
    return ProcessPoolExecutor(
        processes, mp_context=get_context("spawn"), initializer=_begin, initargs=(address, os.getpid(), package)
    )


def _begin(address: dict[str, Any], parent: int, package: bytes) -> None:
    # Ctrl-C reaches the whole terminal; the parent decides what it means for us.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    import django

    django.setup()
    from django.db import connection

    connection.settings_dict.update(address)
    threading.Thread(target=_leave_with, args=(parent,), daemon=True).start()
    prepare, arguments = pickle.loads(package)
    prepare(*arguments)


def _leave_with(parent: int) -> None:
    """End at once when the parent is gone, even by `kill -9`: nobody would ask for the work any more."""
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)
