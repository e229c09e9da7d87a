"""What the words of the command line mean."""

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from svyaz.cli import check, environment, first_start
from svyaz.cli.errors import CannotGoOn
from svyaz.cli.main import main
from svyaz.cli.state import PROJECT_DIR, keep_keys
from svyaz.cli.up import only_one, refuse_a_taken_port


def test_no_word_lists_the_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    assert "svyaz up" in capsys.readouterr().out


def test_the_bare_command_says_what_it_knows(bare_environment: dict[str, str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "svyaz.cli", "--help"], cwd=PROJECT_DIR, env=bare_environment, capture_output=True
    )
    assert done.returncode == 0
    assert b"svyaz import customers" in done.stdout


def test_keys_are_made_once_and_for_their_owner_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SVYAZ_SECRET_KEY")
    monkeypatch.delenv("SVYAZ_DATA_KEY")
    keep_keys(tmp_path)
    before = {file.name: file.read_text() for file in tmp_path.iterdir()}
    keep_keys(tmp_path)
    assert {file.name: file.read_text() for file in tmp_path.iterdir()} == before
    assert set(before) == {"secret.key", "data.key"}
    assert {stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()} == {0o600}


def test_keys_of_the_environment_are_not_written_down(tmp_path: Path) -> None:
    keep_keys(tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.django_db
def test_no_migration_is_missing_in_a_test_base() -> None:
    assert environment.missing_migrations() == []
    assert list(check.of_the_migrations()) == []


def test_a_port_that_is_taken_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    monkeypatch.setattr("svyaz.cli.up.PATIENCE", 0)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(CannotGoOn, match="choose another port"):
            refuse_a_taken_port("127.0.0.1", taken.getsockname()[1])


def test_one_state_folder_serves_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("svyaz.cli.up.PATIENCE", 0)
    with only_one(tmp_path), pytest.raises(CannotGoOn, match="running already"), only_one(tmp_path):
        pass
    with only_one(tmp_path):
        pass


def test_static_files_are_known_by_what_they_are() -> None:
    assert first_start.fingerprint() == first_start.fingerprint()
