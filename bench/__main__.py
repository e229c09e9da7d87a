"""Measures Svyaz: `make bench`, or `make bench SIZES=10000,100000`."""

import argparse
import json
import os
import platform
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psutil

from bench import base, report
from bench.databases import Database, base_of, server, timed
from bench.load import wrk
from svyaz.cli.errors import CannotGoOn
from svyaz.cli.process import end_with_parent
from svyaz.cli.state import state_dir

FREE_BYTES_PER_CUSTOMER = 25_000
LINES: list[str] = []


def say(line: str = "") -> None:
    """Print a line, and keep it for the report."""
    print(line, flush=True)
    LINES.append(line)


def main() -> int:
    """Build the bases that are missing, measure each, print and keep the figures."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--sizes", default="10000,100000,1000000", help="customers of each base, with commas between")
    parser.add_argument("--seconds", type=float, default=8, help="of load for each figure, over HTTP and for SQL alone")
    parser.add_argument("--only", default="", help="steps: customer360, list, drain, import …; figures kept stay")
    arguments = parser.parse_args()
    sizes = sorted({int(size) for size in arguments.sizes.split(",")})
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    wrk()
    started = time.monotonic()
    say(machine())
    with server() as first:
        results = [measure(first, size, arguments, with_plans=size == sizes[-1]) for size in sizes]
    for line in report.across(results):
        say(line)
    say(f"\nAll of it took {(time.monotonic() - started) / 60:.0f} minutes.")
    failures = [failure for found in results for failure in found["failures"]]
    for failure in failures:
        say(f"FAILED: {failure}")
    keep(results)
    return 1 if failures else 0


def measure(first: Database, customers: int, asked: argparse.Namespace, *, with_plans: bool) -> dict[str, Any]:
    """Measure one base in a process of its own; leave the base as it was."""
    say(f"\n== {base.contents(customers)}")
    refuse_a_full_disk(first.folder, customers)
    database = base_of(first, customers, say)
    out = first.folder / "found.json"
    out.unlink(missing_ok=True)
    parent = os.getpid()
    try:
        subprocess.run(
            [sys.executable, "-m", "bench.size", f"--customers={customers}", f"--seconds={asked.seconds}",
             f"--only={asked.only}", f"--out={out}", *(["--plans"] if with_plans else [])],
            env=database.environment(),
            preexec_fn=lambda: end_with_parent(signal.SIGTERM, parent=parent),
        )  # fmt: skip
    finally:
        timed(say, "this run's rows taken away", database.restore)
    if not out.exists():
        return {"customers": customers, "operations": {}, "failures": [f"{customers}: nothing measured; see above."]}
    found: dict[str, Any] = json.loads(out.read_text())
    for line in report.table(found):
        say(line)
    return found


def refuse_a_full_disk(folder: Path, customers: int) -> None:
    """Stop before a base that the disk has no room for."""
    free, needed = shutil.disk_usage(folder).free, customers * FREE_BYTES_PER_CUSTOMER
    if free < needed:
        raise CannotGoOn(
            f"{needed / 1e9:.1f} GB of free disk are needed for {customers:,} customers, here are {free / 1e9:.1f}."
        )


def machine() -> str:
    """Return what it is measured on."""
    model = platform.machine()
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            model = line.split(":")[1].strip()
            break
    memory = psutil.virtual_memory().total / 2**30
    return f"{os.cpu_count()} cores ({model}), {memory:.0f} GB; load, server and data base on the same machine"


def keep(results: list[dict[str, Any]]) -> None:
    """Leave the figures for programs, and the report as printed; figures of sizes not measured now stay."""
    file = state_dir() / "bench.json"
    known = json.loads(file.read_text()) if file.exists() else {}
    for size, operations in report.figures(results).items():
        known[size] = known.get(size, {}) | operations
    file.write_text(json.dumps(known, indent=2) + "\n")
    (state_dir() / "bench.txt").write_text("\n".join(LINES) + "\n")


if __name__ == "__main__":
    try:
        sys.exit(main())
    except CannotGoOn as error:
        sys.exit(f"bench: {error}")
