"""Requests over HTTP: as many as eight connections can bear (wrk), and a few in peace, each timed by itself."""

import contextlib
import http.client
import json
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

CONNECTIONS = 8
WARM_SECONDS = 2
JSON_TYPE = "application/json"

# One thread: it rotates over the prepared requests and at the end writes what wrk has counted.
SCRIPT = """
local requests, position = {}, 0

function init(args)
  wrk.headers["Authorization"] = os.getenv("BENCH_AUTHORIZATION")
  wrk.headers["Content-Type"] = "application/json"
  for line in io.lines(os.getenv("BENCH_REQUESTS")) do
    local method, path, body = line:match("^(%S+)\\t(%S+)\\t(.*)$")
    requests[#requests + 1] = wrk.format(method, path, nil, body ~= "" and body or nil)
  end
end

function request()
  position = position % #requests + 1
  return requests[position]
end

function done(summary, latency, times)
  local errors = summary.errors
  local out = io.open(os.getenv("BENCH_RESULT"), "w")
  out:write(string.format(
    '{"requests":%d,"microseconds":%d,"refused":%d,"broken":%d,"p50":%.1f,"p95":%.1f,"p99":%.1f}',
    summary.requests, summary.duration, errors.status,
    errors.connect + errors.read + errors.write + errors.timeout,
    latency:percentile(50), latency:percentile(95), latency:percentile(99)))
  out:close()
end
"""


class LoadFailed(Exception):
    """Requests were refused or went astray: the figure would mean nothing."""


@dataclass(frozen=True)
class Request:
    """One request to the API; `key` is the id that it names, if it names one."""

    path: str
    method: str = "GET"
    body: str = ""
    key: int = 0


@dataclass(frozen=True)
class Load:
    """What eight connections got."""

    per_second: float
    requests: int
    p50_ms: float
    p95_ms: float
    p99_ms: float


@dataclass(frozen=True)
class Site:
    """The server under measurement, as a client sees it."""

    port: int
    token: str

    def answers(self, requests: Sequence[Request], *, pause: float = 0.0) -> list[tuple[int, bytes, float]]:
        """Send the requests one after another over one connection; return status, body and milliseconds of each."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": JSON_TYPE}
        got = []
        with contextlib.closing(connection):
            for request in requests:
                started = time.perf_counter()
                connection.request(request.method, request.path, request.body.encode() or None, headers)
                response = connection.getresponse()
                body = response.read()
                took = time.perf_counter() - started
                got.append((response.status, body, took * 1000))
                time.sleep(max(0.0, pause - took))
        return got

    def next_page(self, request: Request) -> Request | None:
        """Return the request of the page after this one, as its Link header names it."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        with contextlib.closing(connection):
            connection.request("GET", request.path, headers={"Authorization": f"Bearer {self.token}"})
            response = connection.getresponse()
            response.read()
            links = [link.strip() for link in (response.headers.get("Link") or "").split(",")]
        following = [link.split(";")[0].strip(" <>") for link in links if 'rel="next"' in link]
        return Request(following[0].removeprefix(f"http://127.0.0.1:{self.port}")) if following else None

    def warm(self, requests: Sequence[Request]) -> None:
        """Send the requests for a moment, so that connections are open and statements prepared."""
        self._run(requests, WARM_SECONDS)

    def load(self, requests: Sequence[Request], *, seconds: float) -> Load:
        """Send the requests over and over at eight connections; raise LoadFailed if a single one is refused."""
        counted = self._run(requests, seconds)
        if counted["refused"] or counted["broken"] or not counted["requests"]:
            raise LoadFailed(f"{requests[0].path}: {counted}")
        return Load(
            per_second=counted["requests"] / counted["microseconds"] * 1e6,
            requests=int(counted["requests"]),
            p50_ms=counted["p50"] / 1000,
            p95_ms=counted["p95"] / 1000,
            p99_ms=counted["p99"] / 1000,
        )

    def _run(self, requests: Sequence[Request], seconds: float) -> dict[str, float]:
        with tempfile.TemporaryDirectory() as folder:
            script, prepared, result = (Path(folder) / name for name in ("rotate.lua", "requests.tsv", "result.json"))
            script.write_text(SCRIPT)
            prepared.write_text("".join(f"{each.method}\t{each.path}\t{each.body}\n" for each in requests))
            environment = os.environ | {
                "BENCH_AUTHORIZATION": f"Bearer {self.token}",
                "BENCH_REQUESTS": str(prepared),
                "BENCH_RESULT": str(result),
            }
            subprocess.run(
                [wrk(), "-t1", f"-c{CONNECTIONS}", f"-d{round(seconds)}s", "--timeout=10s", "-s", str(script),
                 f"http://127.0.0.1:{self.port}"],
                env=environment, check=True, stdout=subprocess.DEVNULL,
            )  # fmt: skip
            counted: dict[str, float] = json.loads(result.read_text())
        return counted


def percentile(values: Sequence[float], percent: float) -> float:
    """Return the value that so many percent of the values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


def wrk() -> str:
    """Return the load generator's program; as root install Debian's if it is not there, else say what to do."""
    if found := shutil.which("wrk"):
        return found
    if os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.run(["apt-get", "install", "--yes", "--quiet", "wrk"], check=True, stdout=subprocess.DEVNULL)
        if found := shutil.which("wrk"):
            return found
    raise SystemExit("bench: wrk is not installed; do `sudo apt-get install wrk` (Debian, Ubuntu) and start again.")
