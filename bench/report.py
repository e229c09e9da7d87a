"""What was measured, as tables to read and as figures for programs."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

FIGURES = ("http_per_s", "p50_ms", "p99_ms", "floor_per_s", "ratio")
TARGETS_AT = 100_000
TITLES = {
    "customer360": "360° view of a customer",
    "customer": "one customer",
    "search_name": "search by part of a name",
    "search_phone": "customer by phone",
    "list": "list of 50 by name",
    "create_interaction": "create a contact",
    "import": "import, rows",
}
# Requests (rows) a second asked for at 100 000 customers.
TARGETS = {
    "customer360": 1500, "customer": 2000, "search_name": 300, "search_phone": 2000, "list": 1400,
    "create_interaction": 800, "import": 6000,
}  # fmt: skip
READS_BY_KEY = ("customer360", "customer", "search_phone")
MIX_P95_MS, LIGHT_P99_MS, HEAVY_MS, WEB_CPU_MS, MEMORY_MB, DRAIN_PER_S = 50, 20, 50, 0.7, 600, 2000


def figures(results: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return what goes to bench.json: by size and operation the five figures."""
    return {
        str(found["customers"]): {
            name: {figure: row.get(figure) for figure in FIGURES} for name, row in found["operations"].items()
        }
        for found in results
    }


def table(found: Mapping[str, Any]) -> Iterator[str]:
    """Yield the lines about one base."""
    is_judged = found["customers"] == TARGETS_AT
    yield ""
    yield (
        f"  {'':26}{'HTTP/s':>9}{'target':>9}{'':4}{'p50 ms':>8}{'p99 ms':>8}{'SQL alone/s':>13}{'ratio':>7}"
        f"{'web CPU ms':>12}{'SQL CPU ms':>12}{'statements':>12}"
    )
    for name, title in TITLES.items():
        row = found["operations"].get(name)
        if row is None:
            yield f"  {title:26}{'—':>9}"
            continue
        target = f"{TARGETS[name]:,}" if is_judged else ""
        verdict = mark(row["http_per_s"] >= TARGETS[name]) if is_judged else ""
        yield (
            f"  {title:26}{row['http_per_s']:>9,.0f}{target:>9}{verdict:>4}{_number(row['p50_ms']):>8}"
            f"{_number(row['p99_ms']):>8}{_number(row['floor_per_s'], 0):>13}{_number(row['ratio']):>7}"
            f"{_number(row.get('web_cpu_ms')):>12}{_number(row.get('sql_cpu_ms')):>12}{row.get('statements', ''):>12}"
        )
    yield ""
    yield from _singles(found)
    for key, whose in (("mix", "everywhere"), ("mix_region", "in one region")):
        if found.get(key):
            yield ""
            yield from _mix(found[key], whose)


def _singles(found: Mapping[str, Any]) -> Iterator[str]:
    view = found["operations"].get("customer360")
    if view:
        yield _line(
            "360°: CPU of the web server beyond its SQL", f"{view['web_cpu_ms']:.2f} ms", WEB_CPU_MS, view["web_cpu_ms"]
        )
    if light := found.get("light_ms"):
        yield _line("360° at a light load (50 a second), p99", f"{light['p99']:.1f} ms", LIGHT_P99_MS, light["p99"])
    if heavy := found.get("heavy_ms"):
        text = f"{heavy['p95']:.1f} ms (p50 {heavy['p50']:.1f})"
        yield _line("360° of 20,000 services and 100,000 contacts, p95", text, HEAVY_MS, heavy["p95"])
    if memory := found.get("memory"):
        once = f"({memory['pss_mb']:.0f} MB, shared pages once)"
        text = f"{memory['rss_mb']:.0f} MB in {memory['processes']} processes {once}"
        yield _line("server and worker, resident", text, MEMORY_MB, memory["rss_mb"])
    if drain := found.get("drain"):
        text = f"{drain['per_second']:,.0f} events/s ({drain['events']:,} in {drain['seconds']:.1f} s)"
        verdict = mark(drain["per_second"] >= DRAIN_PER_S)
        yield f"  {'one subscriber drains':52}{text}  {verdict} (target {DRAIN_PER_S:,}/s)"


def _line(title: str, text: str, limit: float, value: float) -> str:
    return f"  {title:52}{text}  {mark(value <= limit)} (target {limit:g})"


def _mix(mix: Mapping[str, Mapping[str, float]], whose: str) -> Iterator[str]:
    worst = max(row["p95"] for row in mix.values())
    verdict = f"{mark(worst < MIX_P95_MS)} (target {MIX_P95_MS})"
    yield f"  search by part of a name, {whose}: worst p95 {worst:.1f} ms  {verdict}"
    for text, row in mix.items():
        yield f"    {'«' + text + '»':22} p50 {row['p50']:7.1f}  p95 {row['p95']:7.1f} ms   found {row['found']}"


def across(results: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Yield how the reads by key fare from the smallest base to the largest."""
    first, last = results[0], results[-1]
    if first is last:
        return
    yield ""
    sizes = f"From {first['customers']:,} to {last['customers']:,} customers"
    yield f"{sizes} (target: no read by key and no 360° loses more than a third):"
    for name in READS_BY_KEY:
        rows = [found["operations"].get(name) for found in (first, last)]
        if all(rows):
            before, after = (row["http_per_s"] for row in rows)
            kept = after / before
            yield f"  {TITLES[name]:26}{before:>9,.0f} → {after:,.0f}/s: {kept:.0%} kept  {mark(kept >= 2 / 3)}"


def mark(is_met: bool) -> str:
    """Return the sign of a target met or missed."""
    return "✓" if is_met else "✗"


def _number(value: float | None, digits: int = 2) -> str:
    return "—" if value is None else f"{value:,.{digits}f}"
