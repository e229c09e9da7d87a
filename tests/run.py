"""`make test`: everything on the embedded PostgreSQL, then what touches the data base once more on an older one."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from svyaz.cli.cluster import Cluster
from svyaz.cli.database import embedded
from svyaz.cli.state import PROJECT_DIR

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
OLDER = range(15, 18)
NO_BROWSER = """\
No Chromium was found, so the browser journeys cannot run. Install it (Debian: apt-get install chromium),
or name it: SVYAZ_CHROMIUM=/path/to/chromium make test"""


def main(arguments: list[str]) -> int:
    """Run the tests; return the first bad exit status."""
    browser = find_browser() or install_browser()
    if browser:
        os.environ["SVYAZ_CHROMIUM"] = browser
    else:
        print(NO_BROWSER, file=sys.stderr)
        if os.environ.get("CI"):
            return 1
    status = run_pytest(arguments)
    if status or arguments:
        return status
    bin_dir = older_server()
    if bin_dir is None:
        print("No PostgreSQL 15 to 17 of Debian's is installed here: the second pass is left out.")
        return 0
    return second_pass(bin_dir)


def find_browser() -> str | None:
    """Return the Chromium to test with, if there is one."""
    return os.environ.get("SVYAZ_CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)


def install_browser() -> str | None:
    """Install Debian's Chromium where we may."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return None
    print("Installing Chromium for the browser journeys ...", flush=True)
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for words in (["update"], ["install", "-y", "--no-install-recommends", "chromium"]):
        subprocess.run(["apt-get", "-qq", *words], stdout=subprocess.DEVNULL, env=environment)
    return find_browser()


def run_pytest(arguments: list[str], **environment: str) -> int:
    """Run pytest in a process of its own."""
    command = [sys.executable, "-m", "pytest", *arguments]
    return subprocess.run(command, cwd=PROJECT_DIR, env=os.environ | environment).returncode


def older_server() -> Path | None:
    """Return the programs of the oldest supported PostgreSQL that the system has."""
    found = {}
    for folder in Path("/usr/lib/postgresql").glob("*/bin"):
        version = re.fullmatch(r"\d+", folder.parent.name)
        if version and int(version[0]) in OLDER and (folder / "initdb").exists():
            found[int(version[0])] = folder
    return found[min(found)] if found else None


def second_pass(bin_dir: Path) -> int:
    """Run what touches the data base on a throw-away server of an older version."""
    folder = PROJECT_DIR / "var" / f"test-postgresql-{bin_dir.parent.name}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    print(f"\nOnce more on PostgreSQL {bin_dir.parent.name} ({bin_dir}):", flush=True)
    with embedded(Cluster(bin_dir, folder / "postgres"), folder) as addresses:
        return run_pytest(
            ["-q"], SVYAZ_TESTS="database", DATABASE_URL=addresses.application, DATABASE_OWNER_URL=addresses.owner
        )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
