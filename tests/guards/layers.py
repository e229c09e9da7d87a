"""The floors as pyproject.toml lists them, for the guards that import-linter cannot be."""

import tomllib
from functools import cache

from svyaz.cli.state import PROJECT_DIR


@cache
def floors() -> dict[str, int]:
    """Return how far down each package stands: 0 is the uppermost floor."""
    settings = tomllib.loads((PROJECT_DIR / "pyproject.toml").read_text(encoding="utf-8"))
    contract = next(c for c in settings["tool"]["importlinter"]["contracts"] if c["id"] == "layers")
    return {
        name.strip().strip("()"): floor for floor, names in enumerate(contract["layers"]) for name in names.split("|")
    }


def packages() -> list[str]:
    """Return the packages that exist and have a floor."""
    return [name for name in floors() if (PROJECT_DIR / "svyaz" / name).is_dir()]
