"""Commands that share one server: the first starts it, the last stops it, none stops it under another."""

import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from svyaz.cli import schema
from svyaz.cli.cluster import Cluster
from svyaz.cli.database import database, embedded, embedded_bin_dir
from svyaz.cli.state import PROJECT_DIR, kept_secret

USER = """
import pathlib, sys, time
from svyaz.cli.database import database
with database(pathlib.Path(sys.argv[1])) as addresses:
    print(addresses.application, flush=True)
    sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def no_server_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("DATABASE_OWNER_URL", raising=False)


def start_user(folder: Path, environment: dict[str, str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", USER, str(folder)],
        cwd=PROJECT_DIR, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip


def finish(user: subprocess.Popen[str]) -> int:
    assert user.stdin
    assert user.stdout
    user.stdin.close()
    user.stdout.close()
    return user.wait(timeout=30)


def test_the_last_one_stops_it(folder: Path, bare_environment: dict[str, str]) -> None:
    cluster = Cluster(embedded_bin_dir(), folder / "postgres")
    first, second = start_user(folder, bare_environment), start_user(folder, bare_environment)
    assert first.stdout
    assert second.stdout
    assert first.stdout.readline() == second.stdout.readline() != ""
    assert finish(first) == 0
    assert cluster.is_running()
    assert finish(second) == 0
    assert not cluster.is_running()


def test_a_killed_command_does_not_keep_it_running_for_ever(folder: Path, bare_environment: dict[str, str]) -> None:
    cluster = Cluster(embedded_bin_dir(), folder / "postgres")
    user = start_user(folder, bare_environment)
    assert user.stdout
    user.stdout.readline()
    user.send_signal(signal.SIGKILL)
    finish(user)
    assert cluster.is_running()
    with database(folder):
        assert cluster.is_running()
    assert not cluster.is_running()


def test_a_bare_environment_gives_a_base_that_knows_cyrillic(folder: Path, bare_environment: dict[str, str]) -> None:
    with database(folder) as addresses:
        schema.prepare(addresses)
        with psycopg.connect(addresses.application) as connection:
            assert schema.reads_cyrillic(connection)


def test_the_roles_are_what_the_house_wants(folder: Path) -> None:
    with database(folder) as addresses:
        schema.prepare(addresses)
        with psycopg.connect(addresses.owner) as owner:
            assert not schema.is_superuser(owner)
            owner.execute("CREATE TABLE rows (id bigint GENERATED ALWAYS AS IDENTITY, word text)")
        with psycopg.connect(addresses.application, autocommit=True) as application:
            assert not schema.is_superuser(application)
            application.execute("INSERT INTO rows (word) VALUES ('Ж')")
            for forbidden in ("TRUNCATE rows", "DROP TABLE rows", "CREATE TABLE others (id int)"):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    application.execute(forbidden)


def test_secrets_are_for_their_owner_only_and_stay(folder: Path) -> None:
    with database(folder):
        pass
    files = list(folder.glob("*.password"))
    assert len(files) == 3
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert kept_secret(files[0], lambda: "another") == files[0].read_text()


def test_a_named_server_is_used_as_it_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://app@db/svyaz")
    with database(tmp_path) as addresses:
        assert addresses.application == addresses.owner == "postgres://app@db/svyaz"
    assert list(tmp_path.iterdir()) == []


def test_the_server_comes_back_when_it_is_asked_to(folder: Path) -> None:
    cluster = Cluster(embedded_bin_dir(), folder / "postgres")
    with embedded(cluster, folder) as addresses:
        os.kill(int((cluster.data_dir / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
        while cluster.is_running():
            time.sleep(0.05)
        addresses.keep_running()
        with psycopg.connect(addresses.application) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
