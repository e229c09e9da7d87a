"""An OpenID Connect provider on loopback: a whole one of its own, in a process of its own."""

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass

import pytest
import requests

# Who has an account there; `stranger` is nobody's here.
PEOPLE = [
    {"sub": "a-1", "preferred_username": "anna", "email": "anna@svyaz.example", "email_verified": True, "name": "Анна"},
    {"sub": "b-2", "preferred_username": "boris", "email": "boris@svyaz.example", "email_verified": False},
    {"sub": "n-3", "preferred_username": "new", "email": "new@svyaz.example", "email_verified": True, "name": "Новый"},
    {"sub": "s-4", "preferred_username": "stranger", "email": "x@elsewhere.example", "email_verified": True},
    {"sub": "g-5", "preferred_username": "gleb", "email": "gleb@svyaz.example", "email_verified": True},
]


@dataclass(frozen=True)
class Provider:
    """A running provider: its address, and its host with the port."""

    url: str
    host: str

    def allow(self, address: str, sub: str) -> str:
        """Say at the provider's page that somebody is who he is; return where it sends the browser then."""
        answer = requests.post(address, data={"sub": sub}, allow_redirects=False, timeout=10)
        assert answer.status_code == 302, answer.text[:500]
        return answer.headers["Location"]

    def deny(self, address: str) -> str:
        """Say no at the provider's page; return where it sends the browser then."""
        answer = requests.post(address, data={"action": "deny"}, allow_redirects=False, timeout=10)
        return answer.headers["Location"]


@pytest.fixture(scope="session")
def provider() -> Iterator[Provider]:
    """Return a provider that knows `PEOPLE` (oidc-provider-mock, which speaks the whole protocol)."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    people = [word for person in PEOPLE for word in ("--user-claims", json.dumps(person))]
    # Its own libraries warn of their futures, which is none of our business.
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port), *people]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    found = Provider(f"http://127.0.0.1:{port}", f"127.0.0.1:{port}")
    try:
        _wait_for(found)
        yield found
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait_for(provider: Provider) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            requests.get(f"{provider.url}/.well-known/openid-configuration", timeout=5).raise_for_status()
        except requests.ConnectionError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
        else:
            return
