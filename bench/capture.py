"""The statements that an endpoint really runs: taken down while it answers, to be run again without the web server."""

import contextlib
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

import psycopg
from django.db import connection
from django.test import Client
from psycopg import sql

from bench.load import JSON_TYPE, Request

STRING = re.compile(r"(?<![\w])(E?)'((?:[^']|'')*)'")


@dataclass(frozen=True)
class Statement:
    """A statement with its parameters: written with $1 and prepared, or as Django sends it, values written in."""

    text: str
    params: tuple[Any, ...] = ()
    is_prepared: bool = False

    @property
    def is_read(self) -> bool:
        """Tell a statement that changes nothing."""
        return (
            self.text.lstrip(" (\n").upper().startswith(("SELECT", "WITH", "EXPLAIN"))
            and "INSERT INTO" not in self.text.upper()
        )

    def written(self, variable: Callable[[Any], str | None] = lambda value: None) -> str:
        """Return the statement with its parameters written in, those that `variable` knows by its words for them."""

        def put(found: re.Match[str]) -> str:
            value = self.params[int(found[1]) - 1]
            return variable(value) or literal(value)

        return re.sub(r"\$(\d+)", put, self.text) if self.params else self.text


def connection_options() -> str:
    """Return the options of the server that Svyaz sets on its connections: they decide on plans too."""
    return str(connection.settings_dict["OPTIONS"]["options"])


def literal(value: Any) -> str:
    """Return a value as SQL."""
    return sql.Literal(value).as_string(None)


def shielded(text: str) -> str:
    """Return SQL in which no colon stands inside a string: pgbench would take it for a variable."""

    def shield(found: re.Match[str]) -> str:
        escape, body = found[1], found[2]
        if ":" not in body:
            return found[0]
        body = body if escape else body.replace("\\", "\\\\")
        return "E'" + body.replace(":", "\\x3a") + "'"

    return STRING.sub(shield, text)


def statements_of(request: Request, token: str) -> list[Statement]:
    """Return the statements of a request answered in this process, once what can be kept between requests is kept."""
    client = Client(headers={"authorization": f"Bearer {token}"}, SERVER_NAME="127.0.0.1")
    taken: list[Statement] = []
    for _ in range(2):
        taken = []
        with _taking_down(taken):
            body: dict[str, Any] = {"data": request.body, "content_type": JSON_TYPE} if request.body else {}
            response = getattr(client, request.method.lower())(request.path, **body)
        if response.status_code not in (200, 201, 206):
            raise RuntimeError(f"{request.method} {request.path}: {response.status_code} {response.content[:300]!r}")
    return taken


@contextlib.contextmanager
def _taking_down(taken: list[Statement]) -> Iterator[None]:
    original = psycopg.RawCursor.execute

    def execute(self: Any, query: Any, params: Sequence[Any] | None = None, **options: Any) -> Any:
        text = query.decode() if isinstance(query, bytes) else str(query)
        taken.append(Statement(text, tuple(params or ()), is_prepared=bool(options.get("prepare"))))
        return original(self, query, params, **options)

    def wrapper(run: Any, text: str, params: Any, many: bool, context: Any) -> Any:
        connection.ensure_connection()
        taken.append(Statement(psycopg.ClientCursor(connection.connection).mogrify(text, params)))
        return run(text, params, many, context)

    with patch.object(psycopg.RawCursor, "execute", execute), connection.execute_wrapper(wrapper):
        yield
