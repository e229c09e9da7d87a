"""One PostgreSQL server of our own: made, started, recovered after a crash, stopped."""

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psutil

from svyaz.cli.account import Account, account_for, hand_over, let_read, let_through
from svyaz.cli.errors import CannotGoOn

# Longer paths do not fit a Unix socket's address.
SOCKET_PATH_LIMIT = 100
START_SECONDS = 60
# With any other locale trigrams and ILIKE fail on Cyrillic without a word; it is not left to the environment.
LOCALE = "C.UTF-8"

CONFIGURATION = """\
# Written by `svyaz` at every start.
jit = off
shared_buffers = {shared}MB
effective_cache_size = {cache}MB
work_mem = 16MB
maintenance_work_mem = 256MB
max_wal_size = 4GB
min_wal_size = 256MB
checkpoint_timeout = 15min
checkpoint_completion_target = 0.9
wal_compression = on
random_page_cost = 1.1
max_connections = 100
lc_messages = 'C'
timezone = 'UTC'
log_timezone = 'UTC'
log_checkpoints = off
password_encryption = 'scram-sha-256'
"""


MEGABYTE = 1024 * 1024
# A quarter of the memory, as PostgreSQL's manual advises, within these bounds; it is taken as pages are read.
LEAST_SHARED, MOST_SHARED = 128, 3072
CGROUP_LIMIT = Path("/sys/fs/cgroup/memory.max")


def configuration() -> str:
    """Return the server's settings, its caches by the memory that this machine or container has."""
    memory = psutil.virtual_memory().total // MEGABYTE
    with contextlib.suppress(OSError, ValueError):
        memory = min(memory, int(CGROUP_LIMIT.read_text()) // MEGABYTE)
    shared = max(LEAST_SHARED, min(memory // 4, MOST_SHARED))
    return CONFIGURATION.format(shared=shared, cache=max(shared, memory // 2))


@dataclass(frozen=True)
class Cluster:
    """A PostgreSQL server: its programs and its data folder."""

    bin_dir: Path
    data_dir: Path

    @property
    def account(self) -> Account | None:
        """The system account that it runs under."""
        return account_for(self.data_dir)

    @property
    def log(self) -> Path:
        """The server's log."""
        return self.data_dir / "server.log"

    def initialize(self, password: str) -> None:
        """Make the data folder, with the superuser `postgres` and his password; all of it or nothing."""
        draft = Cluster(self.bin_dir, self.data_dir.with_name(f"{self.data_dir.name}.new"))
        shutil.rmtree(draft.data_dir, ignore_errors=True)
        draft._initialize(password)
        draft.data_dir.rename(self.data_dir)

    def _initialize(self, password: str) -> None:
        self._open_the_way()
        self.data_dir.mkdir(parents=True, exist_ok=True)
        hand_over(self.data_dir, self.account, 0o700)
        password_file = self.data_dir.with_name(".initdb")
        password_file.touch(mode=0o600)
        password_file.write_text(password)
        hand_over(password_file, self.account, 0o600)
        try:
            self._run(
                "initdb", f"--pwfile={password_file}", "--username=postgres", "--auth=scram-sha-256",
                "--encoding=UTF8", f"--locale={LOCALE}", "--no-instructions",
            )  # fmt: skip
        finally:
            password_file.unlink()
        with (self.data_dir / "postgresql.conf").open("a") as settings:
            settings.write("\ninclude 'svyaz.conf'\n")

    def start(self) -> None:
        """Start the server and wait until it answers; what a crash left behind is cleared first."""
        if self.is_running():
            return
        self._open_the_way()
        self._clear_the_remains()
        settings = self.data_dir / "svyaz.conf"
        settings.write_text(configuration() + self._listening())
        hand_over(settings, self.account, 0o600)
        try:
            self._run("pg_ctl", "start", "--wait", f"--timeout={START_SECONDS}", "--silent", f"--log={self.log}")
        except CannotGoOn as error:
            raise CannotGoOn(f"{error}\nThe end of {self.log}:\n{self._last_words()}") from error

    def stop(self) -> None:
        """Stop the server; whoever is connected is disconnected."""
        if self.is_running():
            self._run("pg_ctl", "stop", "--mode=fast", "--wait", f"--timeout={START_SECONDS}", "--silent")

    def is_running(self) -> bool:
        """Tell whether this server's main process lives (another process may have got its number since)."""
        try:
            lines = (self.data_dir / "postmaster.pid").read_text().splitlines()
            process = psutil.Process(int(lines[0]))
            return "postgres" in process.name() and process.cwd() == str(self.data_dir)
        except (OSError, ValueError, IndexError, psutil.Error):
            return False

    def url(self, user: str, password: str, database: str) -> str:
        """Return the address of a data base on the running server."""
        _, _, _, port, socket_dir, listening, *_ = (self.data_dir / "postmaster.pid").read_text().splitlines()
        host = quote(socket_dir, safe="") if socket_dir else listening
        return f"postgres://{quote(user)}:{quote(password)}@{host}:{port}/{quote(database)}"

    def _open_the_way(self) -> None:
        let_through(self.bin_dir / "postgres", self.account)
        let_through(self.data_dir, self.account)
        # A wheel keeps the libraries that it was linked with beside its package.
        libraries = self.bin_dir.parents[2] / f"{self.bin_dir.parents[1].name}.libs"
        for folder in (self.bin_dir.parent, libraries):
            if folder.exists():
                let_read(folder, self.account)

    def _listening(self) -> str:
        if len(os.fsencode(self.data_dir / ".s.PGSQL.5432")) < SOCKET_PATH_LIMIT:
            quoted = str(self.data_dir).replace("'", "''")
            return f"listen_addresses = ''\nport = 5432\nunix_socket_directories = '{quoted}'\n"
        return f"listen_addresses = '127.0.0.1'\nport = {self._port()}\nunix_socket_directories = ''\n"

    def _port(self) -> int:
        """Return a free port, if possible the one of the last start: whoever is connected finds it again."""
        settings = self.data_dir / "svyaz.conf"
        known = re.search(r"^port = (\d+)$", settings.read_text(), re.MULTILINE) if settings.exists() else None
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", int(known[1]) if known else 0))
            except OSError:
                probe.bind(("127.0.0.1", 0))
            return int(probe.getsockname()[1])

    def _clear_the_remains(self) -> None:
        """After `kill -9` of the main process: wait for its children, then forget its process number."""
        pid_file = self.data_dir / "postmaster.pid"
        if not pid_file.exists():
            return
        patience = time.monotonic() + 5
        while children := self._processes():
            if time.monotonic() > patience:
                for child in children:
                    with contextlib.suppress(psutil.Error):
                        child.send_signal(signal.SIGQUIT)
            time.sleep(0.1)
        # The server believes these as long as any process has the number, be it a dead one that nobody reaped.
        for remains in [pid_file, *self.data_dir.glob(".s.PGSQL.*")]:
            remains.unlink(missing_ok=True)

    def _processes(self) -> list[psutil.Process]:
        found = []
        for process in psutil.process_iter():
            with contextlib.suppress(psutil.Error):
                if "postgres" in process.name() and process.cwd() == str(self.data_dir):
                    found.append(process)
        return found

    def _last_words(self) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-15:]) if self.log.exists() else ""

    def _run(self, program: str, *arguments: str) -> None:
        """Run one of PostgreSQL's programs under the server's account, in an environment of its own."""
        account = self.account
        done = subprocess.run(
            [self.bin_dir / program, f"--pgdata={self.data_dir}", *arguments],
            cwd=self.data_dir,
            env={"LC_ALL": LOCALE, "PATH": os.environ.get("PATH", os.defpath)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
        )
        if done.returncode:
            raise CannotGoOn(f"PostgreSQL's {program} failed: {(done.stderr or done.stdout).strip()}")
