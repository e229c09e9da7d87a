"""The text of server-sent events, the same from the live process and from the web server that stands in for it."""

import json
from collections.abc import Mapping
from typing import Any

from svyaz.history.queries import Position

# A browser that lost its stream comes back after so many milliseconds: from the live process at once; while that one
# is away the web server answers instead, and each of its answers ends.
BACK_SOON, BACK_LATER = 500, 3000
HEADERS = {
    "Content-Type": "text/event-stream; charset=utf-8",
    "Cache-Control": "no-store",
    "X-Accel-Buffering": "no",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'",
}


def message(data: Mapping[str, Any], position: Position) -> str:
    """Return one message; the browser remembers its position and names it when it comes back."""
    return f"id: {position}\ndata: {json.dumps(data, separators=(',', ':'))}\n\n"


def tick(position: Position) -> str:
    """Return the word that nothing has happened up to a position: it also shows dead connections."""
    return f"id: {position}\nevent: tick\ndata: {position}\n\n"


def greeting(back_in: int) -> str:
    """Return how a stream begins: after how many milliseconds to come back when it is lost."""
    return f"retry: {back_in}\n\n"


def reset(position: Position) -> str:
    """Return the word that too much has happened: the page takes itself up anew."""
    return f"id: {position}\nevent: reset\ndata: {position}\n\n"


BYE = "event: bye\ndata: -\n\n"
