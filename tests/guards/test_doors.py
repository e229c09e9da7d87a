"""The doors fetch rows only through `visible_to`, and every address says who may come in."""

import ast
import inspect
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from svyaz.cli.state import PROJECT_DIR

DOORS = ("desk", "api", "channels")
MANAGERS = {"objects", "_default_manager", "_base_manager"}


def door_files() -> list[Path]:
    """Return the modules of the doors, without their tests."""
    return [
        path
        for door in DOORS
        for path in sorted((PROJECT_DIR / "svyaz" / door).rglob("*.py"))
        if "tests" not in path.parts
    ]


def unguarded(tree: ast.AST) -> list[str]:
    """Return what is asked of a manager other than `visible_to`."""
    allowed = {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Attribute) and node.attr == "visible_to"
    }
    return [
        f"line {node.lineno}: {ast.unparse(node)}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in MANAGERS and id(node) not in allowed
    ]


@pytest.mark.parametrize("path", door_files(), ids=lambda path: str(path.relative_to(PROJECT_DIR)))
def test_a_door_fetches_rows_only_through_visible_to(path: Path) -> None:
    assert unguarded(ast.parse(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("Case.objects.visible_to(user).get(number=number)", 0),
        ("Case.objects.get(number=number)", 1),
        ("Case.objects.filter(number=number)", 1),
        ("Case.objects.all()", 1),
        ("get_object_or_404(Case.objects, pk=pk)", 1),
        ("Case._default_manager.first()", 1),
    ],
)
def test_the_guard_sees_what_it_must(line: str, found: int) -> None:
    assert len(unguarded(ast.parse(line))) == found


def addresses(resolver: URLResolver, before: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every address with each function that answers there."""
    for entry in resolver.url_patterns:
        route = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from addresses(entry, route)
        elif isinstance(entry, URLPattern):
            for view in answering(entry.callback):
                yield route, view


def answering(callback: Any) -> list[Any]:
    """Return the functions behind a callback: itself, or the operations that an API's path has for its methods."""
    if isinstance(callback, partial):
        return answering(callback.func)
    around = inspect.getclosurevars(callback).nonlocals if inspect.isfunction(callback) else {}
    operations = getattr(around.get("self"), "operations", None)
    return [operation.view_func for operation in operations] if operations else [callback]


@pytest.mark.parametrize(("route", "view"), [pytest.param(*found, id=found[0]) for found in addresses(get_resolver())])
def test_every_address_declares_its_permission(route: str, view: Any) -> None:
    declared = getattr(view, "svyaz_permission", None)
    assert declared, f"{view.__module__}.{getattr(view, '__qualname__', view)}: add @needs(...) or @public"
    assert declared in {"public", "authenticated"} or ":" in str(declared)
