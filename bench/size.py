"""Measures one base: started by the bench in a process of its own, whose environment names the data base."""

import argparse
import json
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from typing import Any

import django

from bench.base import bills_every
from bench.databases import Database
from bench.load import LoadFailed, Request, Site, percentile
from bench.rows import HEAVY

SAMPLE = 5
FINE = (200, 201, 206)
# In peace: one connection, a request every so many seconds, so many requests.
LIGHT_PAUSE, LIGHT_REQUESTS = 0.02, 500
MIX_REPEATS = 40
HEAVY_REPEATS = 60
# Forty pages of a list have one plan.
PLAN_OF_EVERY = {"list": 8}


class Measurement:
    """One base under measurement: what was found so far, and what went wrong."""

    def __init__(self, customers: int, seconds: float, *, only: str, with_plans: bool) -> None:
        self.customers = customers
        self.database = Database.of_environment()
        self.seconds = seconds
        self.only = only.split(",") if only else []
        self.with_plans = with_plans
        self.found: dict[str, Any] = {"customers": customers, "operations": {}, "failures": [], "steps": []}

    def step(self, name: str, act: Callable[[], None]) -> None:
        """Do a step, if it is wanted; note how long it took, or why it could not be done."""
        if self.only and name not in self.only:
            return
        started = time.monotonic()
        try:
            act()
        except Exception as error:
            # What one step cannot do must not cost the figures of the others; the bench fails at its end.
            self.found["failures"].append(f"{name}: {str(error)[:300] or repr(error)}")
            print(f"  {name}: FAILED: {str(error)[:1500]}", flush=True)
        took = time.monotonic() - started
        self.found["steps"].append([name, round(took, 1)])
        print(f"  {took:6.1f} s  {name}", flush=True)

    def run(self) -> None:
        """Measure everything."""
        from bench import drain, imports, lists, palette, viewer
        from bench.operations import operations
        from bench.processes import running

        token, regional = viewer.tokens()
        with running(self.database.main_process()) as svyaz:
            site = Site(svyaz.port, token)
            for operation in operations(site, self.customers):
                self.step(operation.name, lambda each=operation: self._operation(each, site, svyaz))  # type: ignore[misc]
            self.step("light", lambda: self._light(site))
            self.step("heavy", lambda: self._heavy(site))
            self.step("mix", lambda: self._mix("mix", site))
            self.step("palette", lambda: self.found.update(palette=palette.measure(svyaz.port)))
            self.step("mix_region", lambda: self._mix("mix_region", Site(svyaz.port, regional)))
            self.found["memory"] = svyaz.memory()
        self.step("lists", lambda: self.found.update(lists=lists.measure()))
        self.step("drain", lambda: self.found.update(drain=drain.measure(self.database.owner)))
        self.step("import", lambda: self.found["operations"].update({"import": imports.measure(self.database)}))

    def _operation(self, operation: Any, site: Site, svyaz: Any) -> None:
        from bench import floor, plans
        from bench.capture import statements_of

        draw = Random(operation.name)
        self._check(operation, site, draw)
        site.warm(operation.requests)
        before = svyaz.clocks()
        load = site.load(operation.requests, seconds=self.seconds)
        web, sql = svyaz.clocks().since(before)
        self._check(operation, site, draw)
        chosen = [draw.choice(operation.requests)] if operation.is_keyed else operation.requests
        taken = [(request, statements_of(request, site.token)) for request in chosen]
        if operation.is_keyed:
            every = bills_every(self.customers)
            scripts = [floor.keyed_script(taken[0][1], taken[0][0].key, every, self.customers)]
        else:
            scripts = [floor.fixed_script(statements) for _, statements in taken]
        tps = floor.transactions_per_second(self.database.application, scripts, seconds=self.seconds)
        self.found["operations"][operation.name] = {
            "http_per_s": round(load.per_second, 1),
            "p50_ms": round(load.p50_ms, 2),
            "p99_ms": round(load.p99_ms, 2),
            "floor_per_s": round(tps, 1),
            "ratio": round(load.per_second / tps, 3),
            "web_cpu_ms": round(web / load.requests * 1000, 3),
            "sql_cpu_ms": round(sql / load.requests * 1000, 3),
            "statements": max(len(statements) for _, statements in taken),
        }
        if self.with_plans:
            headed = [(f"{request.method} {request.path}", statements) for request, statements in taken]
            title = f"{operation.title}: {self.customers:,} customers"
            scans = plans.write(
                self.database.application, operation.name, title, headed[:: PLAN_OF_EVERY.get(operation.name, 1)]
            )
            self.found["failures"] += [f"reads a large table through: {scan}" for scan in scans]

    def _check(self, operation: Any, site: Site, draw: Random) -> None:
        """Refuse a figure whose answers are wrong."""
        few = operation.requests if not operation.is_keyed else draw.sample(operation.requests, SAMPLE)
        for request, (status, body, _) in zip(few, site.answers(few), strict=True):
            if status not in FINE:
                raise LoadFailed(f"{request.method} {request.path}: {status} {body[:300]!r}")
            if fault := operation.fault(request, json.loads(body)):
                raise LoadFailed(f"{request.method} {request.path}: {fault}: {body[:300]!r}")

    def _timed(self, site: Site, requests: Sequence[Request], *, pause: float = 0.0) -> list[float]:
        answers = site.answers(requests, pause=pause)
        if wrong := [status for status, _, _ in answers if status not in FINE]:
            raise LoadFailed(f"{requests[0].path}: {wrong[0]}")
        return [took for _, _, took in answers]

    def _light(self, site: Site) -> None:
        from bench.operations import view360

        draw, every = Random(1), bills_every(self.customers)
        keys = [draw.randint(1, self.customers // every) * every for _ in range(LIGHT_REQUESTS)]
        self.found["light_ms"] = _percentiles(self._timed(site, view360(keys), pause=LIGHT_PAUSE))

    def _heavy(self, site: Site) -> None:
        from bench.operations import view360

        self.found["heavy_ms"] = _percentiles(self._timed(site, view360([HEAVY] * HEAVY_REPEATS)))

    def _mix(self, name: str, site: Site) -> None:
        from bench.operations import NAME_MIX, name_searches

        self.found[name] = {}
        for text, request in zip(NAME_MIX, name_searches(), strict=True):
            times = self._timed(site, [request] * MIX_REPEATS)
            found = json.loads(site.answers([request])[0][1])
            self.found[name][text] = {**_percentiles(times), "found": len(found)}


def _percentiles(times: Sequence[float]) -> dict[str, float]:
    return {f"p{percent}": round(percentile(times, percent), 2) for percent in (50, 95, 99)}


def main() -> None:
    """Measure the base that the environment names, and leave what was found in a file."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--customers", type=int, required=True)
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--plans", action="store_true")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--only", default="")
    arguments = parser.parse_args()
    django.setup()
    measurement = Measurement(arguments.customers, arguments.seconds, only=arguments.only, with_plans=arguments.plans)
    measurement.run()
    arguments.out.write_text(json.dumps(measurement.found, ensure_ascii=False))


if __name__ == "__main__":
    main()
