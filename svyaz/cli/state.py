"""The state folder: the embedded data base, the keys, and what is collected at the start."""

import base64
import contextlib
import fcntl
import os
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path

PROJECT_DIR = Path(__file__).resolve().parents[2]


def state_dir() -> Path:
    """Return the state folder (SVYAZ_STATE, or var/ of the project), made if it is not there."""
    folder = Path(os.environ.get("SVYAZ_STATE") or PROJECT_DIR / "var").resolve()
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def kept_secret(file: Path, make: Callable[[], str]) -> str:
    """Return the secret kept in a file that only its owner can read; the first caller makes it."""
    if not file.exists():
        draft = file.with_name(f".{file.name}.{os.getpid()}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as out:
            out.write(make())
        # A link, not a rename: of two commands that start at once the first one's secret stays.
        with contextlib.suppress(FileExistsError):
            os.link(draft, file)
        draft.unlink()
    return file.read_text().strip()


def password() -> str:
    """Return a new random password or key."""
    return secrets.token_urlsafe(48)


def data_key() -> str:
    """Return a new key of the kind that encrypts personal data at rest (Fernet's)."""
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


def keep_keys(folder: Path) -> None:
    """Make the installation's keys, unless the environment gives them or they are there."""
    if not os.environ.get("SVYAZ_SECRET_KEY"):
        kept_secret(folder / "secret.key", password)
    if not os.environ.get("SVYAZ_DATA_KEY"):
        kept_secret(folder / "data.key", data_key)


@contextlib.contextmanager
def locked(file: Path) -> Iterator[None]:
    """Hold a file's lock; another command that wants it waits."""
    with file.open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
