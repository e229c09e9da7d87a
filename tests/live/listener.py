"""What a browser's EventSource does, in a thread: it reads, and comes back with the last id when its stream is lost."""

import contextlib
import http.client
import json
import socket
import threading
import time
from dataclasses import dataclass, field
from typing import Any

TIMEOUT = 5.0


@dataclass
class Listener:
    """One open page: what it heard, how often it was connected, and how its last stream ended."""

    port: int
    cookie: str
    query: str = ""
    heard: list[dict[str, Any]] = field(default_factory=list)
    heard_at: list[float] = field(default_factory=list)
    events: list[str] = field(default_factory=list)
    connections: int = 0
    status: int = 0
    last_id: str = ""
    retry: float = 0.2
    is_over: bool = False
    connection: http.client.HTTPConnection | None = None

    def __post_init__(self) -> None:
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def _run(self) -> None:
        while not self.is_over:
            with contextlib.suppress(OSError, http.client.HTTPException):
                self._listen()
            if not self.is_over:
                time.sleep(self.retry)

    def _listen(self) -> None:
        connection = self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT * 4)
        headers = {"Cookie": f"sessionid={self.cookie}", "Accept": "text/event-stream"}
        if self.last_id:
            headers["Last-Event-ID"] = self.last_id
        try:
            connection.request("GET", f"/live/{self.query}", headers=headers)
            answer = connection.getresponse()
            self.status = answer.status
            if answer.status != 200:
                self.is_over = answer.status in {403, 404, 429}
                return
            self.connections += 1
            self._read(answer)
        finally:
            connection.close()

    def _read(self, answer: http.client.HTTPResponse) -> None:
        event: dict[str, str] = {}
        while not self.is_over:
            line = answer.readline().decode()
            if not line:
                return
            name, _colon, value = line.rstrip("\n").partition(": ")
            if name:
                event[name] = value
                continue
            self._dispatch(event)
            event = {}

    def _dispatch(self, event: dict[str, str]) -> None:
        self.last_id = event.get("id", self.last_id)
        if "retry" in event:
            self.retry = min(int(event["retry"]) / 1000, 0.5)
        kind = event.get("event", "message" if "data" in event else "")
        self.events.append(kind)
        if kind == "message":
            self.heard.append(json.loads(event["data"]))
            self.heard_at.append(time.time())
        if kind == "bye":
            self.is_over = True

    def is_connected(self) -> bool:
        """Tell whether the stream began, and has said up to where it knows."""
        return "tick" in self.events

    def subjects(self, kind: str) -> list[int]:
        """Return the rows that it heard of as this kind, in the order of hearing."""
        return [one["subject"] for one in self.heard if one["kind"] == kind]

    def close(self) -> None:
        """Stop listening, as a browser whose page is closed."""
        self.is_over = True
        if self.connection is not None and self.connection.sock is not None:
            with contextlib.suppress(OSError):
                self.connection.sock.shutdown(socket.SHUT_RDWR)
