"""Clients that record contacts and decisions, and repeat a request with its key until it is answered."""

import contextlib
import http.client
import json
import threading
import time
import uuid
from dataclasses import dataclass, field
from typing import Any

CONTACTS = "/tmf-api/partyInteractionManagement/v4/partyInteraction"
DECISIONS = "/tmf-api/svyaz/v1/decision"
PATIENCE = 60.0
# Every so many contacts with a customer bring a decision, which the later ones pass over.
DECIDES_EVERY = 4


@dataclass
class Client(threading.Thread):
    """One client with one customer: a contact at a time; what was acknowledged, by the key of its request."""

    port: int
    secret: str
    customer: int
    stopping: threading.Event
    contacts: dict[str, str] = field(default_factory=dict)
    decisions: dict[str, str] = field(default_factory=dict)
    repeated: int = 0
    refused: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(daemon=True)

    def __hash__(self) -> int:
        return id(self)

    def run(self) -> None:
        """Work until told to stop; finish what was begun."""
        while not self.stopping.is_set() and not self.refused:
            contact = self.ask(CONTACTS, self.contacts, {"channel": [{"id": "phone"}], "reason": "x",
                               "relatedParty": [{"id": str(self.customer), "@referredType": "Customer"}]})  # fmt: skip
            if contact and len(self.contacts) % DECIDES_EVERY == 1:
                promise = {"what": "Перезвонить", "dueDateTime": "2099-01-01T00:00:00Z"}
                self.ask(DECISIONS, self.decisions, {"interaction": {"id": contact}, "kind": "discount", "amount": 5,
                         "text": "Скидка", "promise": [promise]})  # fmt: skip

    def ask(self, path: str, acknowledged: dict[str, str], body: dict[str, Any]) -> str:
        """Send a request with a new key until it is answered; return the id of what was made."""
        key, deadline = uuid.uuid4().hex, time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError, http.client.HTTPException):
                status, answer = post(self.port, self.secret, path, key, body)
                if status == http.HTTPStatus.CREATED:
                    acknowledged[key] = answer["id"]
                    return str(answer["id"])
                if status != http.HTTPStatus.SERVICE_UNAVAILABLE:
                    self.refused.append(f"{status} {answer}")
                    return ""
            self.repeated += 1
            time.sleep(0.05)
        self.refused.append(f"no answer in {PATIENCE} s")
        return ""


def post(port: int, secret: str, path: str, key: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    """Send one request."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    headers = {"Authorization": f"Bearer {secret}", "Idempotency-Key": key, "Content-Type": "application/json"}
    with contextlib.closing(connection):
        connection.request("POST", path, json.dumps(body).encode(), headers)
        response = connection.getresponse()
        answer: dict[str, Any] = json.loads(response.read())
    return response.status, answer
