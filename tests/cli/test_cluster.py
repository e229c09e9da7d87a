"""The embedded server: Cyrillic whatever the environment, up again after every kind of end."""

import contextlib
import os
import shutil
import signal
import time
from pathlib import Path

import psutil
import psycopg
import pytest

from svyaz.cli import schema
from svyaz.cli.cluster import Cluster
from svyaz.cli.errors import CannotGoOn


def ask(cluster: Cluster, question: str, database: str = "postgres") -> object:
    with psycopg.connect(cluster.url("postgres", "secret", database), autocommit=True) as connection:
        row = connection.execute(question).fetchone()
        return row[0] if row else None


def main_process(cluster: Cluster) -> int:
    return int((cluster.data_dir / "postmaster.pid").read_text().splitlines()[0])


def test_the_server_keeps_what_it_confirmed_and_runs_as_we_tuned_it(cluster: Cluster) -> None:
    assert ask(cluster, "SHOW fsync") == "on"
    assert ask(cluster, "SHOW synchronous_commit") == "on"
    assert ask(cluster, "SHOW jit") == "off"
    assert ask(cluster, "SHOW max_wal_size") == "4GB"


def test_nobody_gets_in_without_the_password(cluster: Cluster) -> None:
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(cluster.url("postgres", "wrong", "postgres"))


def test_the_server_listens_to_nobody_outside(cluster: Cluster) -> None:
    assert ask(cluster, "SHOW listen_addresses") == ""
    assert cluster.data_dir.stat().st_mode & 0o077 == 0


def test_it_starts_again_after_kill_9_of_everything(cluster: Cluster) -> None:
    parent = psutil.Process(main_process(cluster))
    for process in [parent, *parent.children()]:
        process.kill()
    while cluster.is_running():
        time.sleep(0.05)
    cluster.start()
    assert ask(cluster, "SELECT 1") == 1


def test_it_starts_again_while_children_of_the_killed_one_still_run(cluster: Cluster) -> None:
    with contextlib.closing(psycopg.connect(cluster.url("postgres", "secret", "postgres"))) as busy:
        busy.execute("SELECT 1")
        os.kill(main_process(cluster), signal.SIGKILL)
        while cluster.is_running():
            time.sleep(0.05)
        cluster.start()
    assert ask(cluster, "SELECT 1") == 1


def test_another_process_with_the_old_number_is_not_taken_for_the_server(cluster: Cluster) -> None:
    cluster.stop()
    (cluster.data_dir / "postmaster.pid").write_text(f"{os.getpid()}\n{cluster.data_dir}\n0\n5432\n\n\n\nready\n")
    assert not cluster.is_running()
    cluster.start()
    assert ask(cluster, "SELECT 1") == 1


def test_starting_twice_is_starting_once(cluster: Cluster) -> None:
    before = main_process(cluster)
    cluster.start()
    assert main_process(cluster) == before


def test_a_path_too_long_for_a_socket_gets_a_loopback_port(cluster: Cluster, folder: Path) -> None:
    deep = Cluster(cluster.bin_dir, folder / ("d" * 60) / ("e" * 60) / "postgres")
    deep.data_dir.parent.mkdir(parents=True)
    deep.initialize("secret")
    deep.start()
    try:
        first = deep.url("postgres", "secret", "postgres")
        assert "@127.0.0.1:" in first
        assert ask(deep, "SELECT 1") == 1
        deep.stop()
        deep.start()
        assert deep.url("postgres", "secret", "postgres") == first, "whoever knows the address must find it again"
    finally:
        deep.stop()


def test_a_base_that_cannot_search_in_cyrillic_is_refused(cluster: Cluster) -> None:
    with psycopg.connect(cluster.url("postgres", "secret", "postgres"), autocommit=True) as connection:
        connection.execute("CREATE DATABASE latin TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'")
    with psycopg.connect(cluster.url("postgres", "secret", "latin"), autocommit=True) as connection:
        connection.execute("CREATE EXTENSION pg_trgm")
        with pytest.raises(CannotGoOn, match=r"cannot search in Cyrillic.*'C'"):
            schema.refuse_without_cyrillic(connection)


def test_what_the_server_says_is_shown_when_it_cannot_start(cluster: Cluster, folder: Path) -> None:
    broken = Cluster(cluster.bin_dir, folder / "broken")
    broken.initialize("secret")
    with (broken.data_dir / "postgresql.conf").open("a") as settings:
        settings.write("no_such_setting = 1\n")
    with pytest.raises(CannotGoOn, match="no_such_setting"):
        broken.start()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server under another account")
def test_programs_installed_under_a_narrow_umask_run_all_the_same(cluster: Cluster, folder: Path) -> None:
    package = cluster.bin_dir.parents[1]
    copy = folder / "narrow" / package.name
    for source in (package, package.with_name(f"{package.name}.libs")):
        shutil.copytree(source, copy.with_name(source.name))
    for path in [copy.parent, *copy.parent.rglob("*")]:
        path.chmod(path.stat().st_mode & 0o700)
    narrow = Cluster(copy / "pginstall" / "bin", folder / "narrow-data")
    narrow.initialize("secret")
    narrow.start()
    try:
        assert ask(narrow, "SELECT 1") == 1
    finally:
        narrow.stop()
