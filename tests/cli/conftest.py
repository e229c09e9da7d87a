"""A server of its own for each module that kills or breaks it."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from svyaz.cli.cluster import Cluster
from svyaz.cli.database import embedded_bin_dir
from svyaz.cli.state import PROJECT_DIR


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """A state folder, as `svyaz` would have it (pytest closes its own folders to the server's account)."""
    servers = PROJECT_DIR / "var" / "test" / "servers"
    servers.mkdir(parents=True, exist_ok=True)
    # mkdtemp closes it too; `svyaz` opens the way again, as it must for any folder that it is given.
    yield (made := Path(tempfile.mkdtemp(dir=servers)))
    shutil.rmtree(made)


@pytest.fixture(scope="module")
def cluster(folder: Path) -> Iterator[Cluster]:
    """A running server; whatever a test did to it, it is stopped at the end."""
    server = Cluster(embedded_bin_dir(), folder / "postgres")
    server.initialize("secret")
    server.start()
    yield server
    server.start()
    server.stop()


@pytest.fixture
def bare_environment(folder: Path) -> dict[str, str]:
    """What a command has under `env -i`, plus where its state is."""
    return {"SVYAZ_STATE": str(folder), "PYTHONPATH": str(PROJECT_DIR)}
