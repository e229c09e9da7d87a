"""What the data base alone gives for the same statements: pgbench, prepared, eight clients, the same keys."""

import os
import re
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import psycopg

from bench.capture import Statement, connection_options, shielded
from bench.load import CONNECTIONS
from bench.rows import PHONE_BASE, PHONE_SPACE, PHONE_STEP, phone
from svyaz.cli.database import embedded_bin_dir

MOST_SCRIPTS = 100


def keyed_script(statements: Sequence[Statement], key: int, every: int, customers: int) -> str:
    """Return pgbench's script of statements that were taken down for one customer, for any customer of the mix.

    Where the customer's id or phone stood as a parameter or as a value of its own, pgbench puts another's.
    """

    def variable(value: Any) -> str | None:
        if value == phone(key):
            return "('+' || :phone)"
        return ":party" if value in (key, str(key)) and not isinstance(value, bool) else None

    lines = [
        f"\\set party random(1, {customers // every}) * {every}",
        f"\\set phone {PHONE_BASE} + (:party * {PHONE_STEP}) % {PHONE_SPACE}",
        *([] if all(statement.is_read for statement in statements) else ["BEGIN;"]),
    ]
    for statement in statements:
        text = shielded(statement.written(variable))
        if not statement.params:
            text = re.sub(rf"(?<![\w.'$:-]){key}(?![\w.'-])", ":party", text)
        lines.append(text.strip().rstrip(";") + ";")
    if "BEGIN;" in lines:
        lines.append("COMMIT;")
    return "\n".join(lines)


def fixed_script(statements: Sequence[Statement]) -> str:
    """Return pgbench's script of statements with the very values they were taken down with."""
    return "\n".join(shielded(statement.written()).strip().rstrip(";") + ";" for statement in statements)


def transactions_per_second(url: str, scripts: Sequence[str], *, seconds: float) -> float:
    """Run scripts, each as often as the others, and return how many a second were done."""
    connection = psycopg.conninfo.conninfo_to_dict(url)
    with tempfile.TemporaryDirectory() as folder:
        files = []
        for number, script in enumerate(scripts[:MOST_SCRIPTS]):
            file = Path(folder) / f"{number}.sql"
            file.write_text(script + "\n")
            files.append(f"--file={file}")
        command = [
            str(embedded_bin_dir() / "pgbench"), "--no-vacuum", "--protocol=prepared", f"--client={CONNECTIONS}",
            "--jobs=2", f"--time={round(seconds)}", *files, str(connection["dbname"]),
        ]  # fmt: skip
        environment = os.environ | {
            "PGHOST": str(connection.get("host", "")), "PGPORT": str(connection.get("port", "")),
            "PGUSER": str(connection["user"]), "PGPASSWORD": str(connection["password"]),
            "PGOPTIONS": connection_options(),
        }  # fmt: skip
        done = subprocess.run(command, env=environment, capture_output=True, text=True)
    found = re.search(r"^tps = ([\d.]+)", done.stdout, re.MULTILINE)
    if done.returncode or not found or "number of failed transactions: 0 " not in done.stdout:
        raise RuntimeError(f"pgbench: {done.stdout[-800:]}{done.stderr[-2000:]}\n{scripts[0][:1500]}")
    return float(found[1])
