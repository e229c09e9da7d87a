"""The system account that PostgreSQL runs under: it refuses to run as root."""

import os
import pwd
import stat
import sys
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Account:
    """A system account: its ids, for starting a program under it."""

    uid: int
    gid: int


def account_for(data_dir: Path) -> Account | None:
    """Return the account to start a server under: none of its own, unless we are root."""
    if os.geteuid() != 0:
        return None
    if data_dir.exists() and (owner := data_dir.stat()).st_uid != 0:
        return Account(owner.st_uid, owner.st_gid)
    entry = pwd.getpwnam(os.environ.get("SVYAZ_DATABASE_ACCOUNT", "nobody"))
    return Account(entry.pw_uid, entry.pw_gid)


def hand_over(path: Path, account: Account | None, mode: int) -> None:
    """Give a file or folder to the account, with the mode."""
    path.chmod(mode)
    if account:
        os.chown(path, account.uid, account.gid)


def let_through(path: Path, account: Account | None) -> None:
    """Let the account pass through every folder above the path: search only, neither list nor read."""
    if account is None:
        return
    for folder in path.resolve().parents:
        status = folder.stat()
        if not status.st_mode & stat.S_IXOTH and status.st_uid != account.uid:
            print(f"svyaz: letting the data base's account pass through {folder} (chmod o+x)", file=sys.stderr)
            folder.chmod(stat.S_IMODE(status.st_mode) | stat.S_IXOTH)


def let_read(folder: Path, account: Account | None) -> None:
    """Let the account read and run what lies in a folder (it was installed under a narrow umask)."""
    if account is None or folder.stat().st_mode & stat.S_IROTH:
        return
    for path in [folder, *folder.rglob("*")]:
        mode = stat.S_IMODE(path.stat().st_mode)
        path.chmod(mode | stat.S_IROTH | (stat.S_IXOTH if mode & stat.S_IXUSR else 0))
