"""Files are small, stand where the house puts them, and say what they are."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from svyaz.cli.state import PROJECT_DIR
from tests.guards.layers import packages

MOST_LINES = 500
MOST_TEMPLATE_LINES = 100
SOURCE = {".py", ".html", ".css", ".js", ".md", ".sql", ".toml"}
NOT_OURS = {"node_modules", "var", "built", "migrations", "__pycache__"}
# The doors arrange their files by screens and resources; `lib` by subject.
FREE = {"desk", "api", "demo", "channels", "exchange", "hooks", "lib"}
FILES = {
    "__init__.py", "apps.py", "models.py", "actions.py", "queries.py", "permissions.py", "events.py", "subscribers.py",
    "jobs.py",
}  # fmt: skip
FOLDERS = {"models", "actions", "queries", "migrations", "tests", "__pycache__"}


def our_files(folder: Path = PROJECT_DIR) -> Iterator[Path]:
    """Yield every source file that we write by hand."""
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or path.name in NOT_OURS or path.name.endswith(".egg-info"):
            continue
        if path.is_dir():
            yield from our_files(path)
        elif path.suffix in SOURCE:
            yield path


def test_no_file_is_longer_than_500_lines() -> None:
    long = {str(file.relative_to(PROJECT_DIR)): len(file.read_text().splitlines()) for file in our_files()}
    assert {name: lines for name, lines in long.items() if lines > MOST_LINES} == {}


def test_no_template_is_longer_than_100_lines() -> None:
    long = {
        str(file.relative_to(PROJECT_DIR)): len(file.read_text().splitlines())
        for file in our_files()
        if file.suffix == ".html" and "templates" in file.parts
    }
    assert {name: lines for name, lines in long.items() if lines > MOST_TEMPLATE_LINES} == {}


@pytest.mark.parametrize("package", packages())
def test_a_package_says_what_part_of_the_business_it_is(package: str) -> None:
    tree = ast.parse((PROJECT_DIR / "svyaz" / package / "__init__.py").read_text())
    assert ast.get_docstring(tree), "its __init__.py has no docstring"
    assert len(tree.body) == 1, "its __init__.py holds more than the docstring"


@pytest.mark.parametrize("package", sorted(set(packages()) - FREE))
def test_a_package_has_only_the_files_of_the_house(package: str) -> None:
    strange = [
        path.name
        for path in (PROJECT_DIR / "svyaz" / package).iterdir()
        if path.name not in (FOLDERS if path.is_dir() else FILES) and not path.name.startswith(".")
    ]
    assert strange == []


def test_there_is_no_drawer_for_odds_and_ends() -> None:
    names = {"common", "core", "utils", "helpers", "misc", "services.py", "utils.py", "helpers.py", "signals.py"}
    found = [path for path in our_files(PROJECT_DIR / "svyaz") if names & {path.name, path.parent.name}]
    assert found == []


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt", "requirements-node.txt"])
def test_requirements_are_pinned_by_hash_and_name_no_place(name: str) -> None:
    text = (PROJECT_DIR / name).read_text()
    pinned = [line for line in text.splitlines() if "==" in line and not line.lstrip().startswith("#")]
    assert "://" not in text
    assert "--index" not in text
    assert "--find-links" not in text
    assert pinned
    assert all(line.endswith("\\") for line in pinned), "a pinned package without a hash"


def test_the_lock_of_the_front_end_libraries_names_no_place() -> None:
    lock = (PROJECT_DIR / "package-lock.json").read_text()
    assert '"resolved"' not in lock
    assert '"integrity"' in lock
