"""What `svyaz up` prepares before it serves: tables, static files, the demo operator, its cast."""

import hashlib
import os
import sys
from pathlib import Path

import django

from svyaz.cli.database import Addresses
from svyaz.cli.environment import migrate, missing_migrations
from svyaz.cli.errors import CannotGoOn
from svyaz.cli.state import state_dir


def main() -> None:
    """Prepare what is not prepared yet."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "svyaz.settings")
    django.setup()
    if missing_migrations():
        migrate(Addresses(application=os.environ["DATABASE_URL"], owner=os.environ["DATABASE_OWNER_URL"]))
    collect_static_files()
    load_the_demo_operator()
    remember_the_cast()


def collect_static_files() -> None:
    """Collect static files if any of them changed since they were collected last."""
    from django.conf import settings
    from django.core.management import call_command

    if settings.DEBUG:
        return
    mark = state_dir() / "static.sha256"
    now = fingerprint()
    if mark.exists() and mark.read_text() == now and (settings.STATIC_ROOT / "staticfiles.json").exists():
        return
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    mark.write_text(now)


def fingerprint() -> str:
    """Return a digest of every static file's name, size and time."""
    from django.contrib.staticfiles.finders import get_finders

    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            status = Path(storage.path(path)).stat()
            digest.update(f"{path} {status.st_size} {status.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def load_the_demo_operator() -> None:
    """Fill an empty base, so that the first look shows something; SVYAZ_DEMO=0 leaves it empty."""
    from django.contrib.auth import get_user_model
    from django.core.management import call_command

    wanted = os.environ.get("SVYAZ_DEMO", "1") != "0"
    if wanted and not get_user_model()._default_manager.exists():
        size = os.environ.get("SVYAZ_DEMO_CUSTOMERS")
        call_command("demo", *(["--customers", size] if size else []))


def remember_the_cast() -> None:
    """Leave the cast's logins for the start to print, only while they really open the desk."""
    from svyaz.demo.queries import CAST_PASSWORD, cast_logins

    note = state_dir() / "demo.txt"
    if logins := cast_logins():
        note.write_text(f"Demo logins: {', '.join(logins)}; password: {CAST_PASSWORD}\n")
    else:
        note.unlink(missing_ok=True)


if __name__ == "__main__":
    try:
        main()
    except CannotGoOn as error:
        sys.exit(f"svyaz: {error}")
