"""Answers of a resource: one, or a page of a list with its counts and links."""

import json
import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.timezone import now
from psycopg.types.numeric import Int8

from svyaz.access.actions import OPEN_FOR, record_openings
from svyaz.access.models import Opening
from svyaz.access.queries import Rights
from svyaz.api.auth import caller_of
from svyaz.api.errors import NotFound
from svyaz.api.openings import OPENINGS, own_area
from svyaz.api.resources.attributes import Resource, read_id
from svyaz.api.resources.question import Question, fields_of, question_of, write_cursor
from svyaz.api.resources.statement import (
    MOST_COUNTED,
    Scope,
    Shape,
    count_statement,
    estimate_statement,
    first_level,
    get_statement,
    identifiers,
    list_statement,
    parameters,
    scope_of,
    without_absent,
)
from svyaz.lib.sql import fetch_all, fetch_one
from svyaz.parties.queries import relationship_rights

# Large counts are remembered for so long: whoever pages through a list need not count it on every page.
REMEMBER_SECONDS, WORTH_REMEMBERING, MOST_REMEMBERED = 10.0, 1000, 1000
_counts: dict[Any, tuple[float, int]] = {}


def json_response(text: str, status: int = 200) -> HttpResponse:
    """Return JSON text as an answer."""
    return HttpResponse(text, status=status, content_type="application/json")


def answer_one(request: HttpRequest, resource: Resource, pk: str, *, is_opening: bool = False) -> HttpResponse:
    """Answer one row by its id in one round trip; raise NotFound. A customer's card counts as opened."""
    caller = caller_of(request)
    fields = fields_of(resource, request.GET.getlist("fields"))
    found = read_one(resource, caller.rights, read_id(pk), fields)
    if found is None:
        raise NotFound(f"{resource.name} {pk}: no such {resource.name}")
    if is_opening:
        OPENINGS.note(own_area(found.party_id, caller.rights.user_id, now()))
    response = json_response(_pruned(without_absent(resource, found.text), fields))
    if found.pk != read_id(pk):
        response["Content-Location"] = f"{resource.path}/{found.pk}"
    return response


@dataclass(frozen=True)
class One:
    """One row as it was read: its party, its JSON, and its id: another than the one asked for after a merge."""

    party_id: int
    text: str
    pk: int


def read_one(resource: Resource, rights: Rights, pk: int, fields: tuple[str, ...] | None = None) -> One | None:
    """Return a row of one's own area or of a relationship in hand; None if there is none.

    The card of a party that is one with others is the survivor's, with what all of them have.
    """
    scope, chosen = scope_of(rights), first_level(fields)
    row = fetch_one(get_statement(resource, scope, chosen, 0), [Int8(pk)])
    if row is not None and (not resource.canonical or row[2] is None):
        return One(row[0], row[1], pk)
    party_id = row[0] if row is not None else _party_beyond(resource, rights, pk)
    in_hand = None if party_id is None else relationship_rights(rights, party_id, now())
    if in_hand is None:
        return None
    pk = resource.survivor_row(in_hand, pk)
    parties = [Int8(each) for each in in_hand.parties]
    row = fetch_one(get_statement(resource, scope, chosen, len(parties)), [*parties, Int8(pk)])
    return None if row is None else One(row[0], row[1], pk)


def read_back(resource: Resource, rights: Rights, party_id: int | None, pk: int) -> str:
    """Return the JSON of a row that the caller has just written, in its whole."""
    scope = scope_of(rights.granting(resource.permission).beyond_areas())
    row = fetch_one(get_statement(resource, scope, None, 0), [Int8(pk)])
    assert row is not None
    return without_absent(resource, row[1])


def _party_beyond(resource: Resource, rights: Rights, pk: int) -> int | None:
    """Return whose row it is where the viewer's areas do not reach, to see whether the relationship is in hand."""
    if rights.areas[resource.permission] is None:
        return None
    row = resource.rows(rights.beyond_areas()).filter(pk=pk).values_list(resource.party).first()
    return None if row is None else row[0]


def answer_list(
    request: HttpRequest, resource: Resource, *, parties: Sequence[int] = (), without: Collection[str] = (),
    sort: str = "",
) -> HttpResponse:  # fmt: skip
    """Answer a page of a list; with parties in hand (a customer and all merged into it), of that relationship alone.

    `without` names the parameters that have found the party.
    """
    question = question_of(resource, _rest(request, without), sort)
    return answer_question(request, resource, caller_of(request).rights, question, parties)


def answer_nothing(request: HttpRequest, resource: Resource, *, without: Collection[str]) -> HttpResponse:
    """Answer the empty list, if the question is well put."""
    question_of(resource, _rest(request, without))
    response = json_response("[]")
    response["X-Result-Count"] = response["X-Total-Count"] = "0"
    return response


def _rest(request: HttpRequest, without: Collection[str]) -> QueryDict:
    if not without:
        return request.GET
    rest = request.GET.copy()
    for name in without:
        rest.pop(name, None)
    return rest


def answer_question(
    request: HttpRequest, resource: Resource, rights: Rights, question: Question, parties: Sequence[int] = ()
) -> HttpResponse:
    """Answer a question that was understood already."""
    scope, shape = scope_of(rights), Shape.of(question, in_hand=len(parties))
    params = parameters(resource, question, parties)
    rows = fetch_all(list_statement(resource, scope, shape), params, prepare=not question.offset)
    has_more, rows = len(rows) > question.limit, rows[: question.limit]
    _open_beyond_area(resource, shape, rights, rows)
    page = without_absent(resource, "[" + ",".join([row[2] for row in rows]) + "]")
    total = _total(resource, scope, shape, question, params, len(rows), has_more)
    response = json_response(_pruned(page, question.fields), 206 if question.is_paged and len(rows) < total else 200)
    response["X-Result-Count"] = str(len(rows))
    response["X-Total-Count"] = str(total)
    keys = len(resource.keys(question.sort))
    place = write_cursor(question.sort, rows[-1][-keys:]) if has_more else ""
    if links := ", ".join(_links(request, question, place, total)):
        response["Link"] = links
    return response


def _open_beyond_area(resource: Resource, shape: Shape, rights: Rights, rows: list[tuple[Any, ...]]) -> None:
    """Open the relationships beyond the area that an exact identifier has named, and record why."""
    parties = {row[0] for row in rows if not row[1]}
    if not parties:
        return
    at, reason = now(), ", ".join(identifiers(resource, shape))
    record_openings(
        Opening(
            party_id=party_id, by_id=rights.user_id, at=at, basis=Opening.Basis.IDENTIFIER, reason=reason,
            door=Opening.Door.API, opens_until=at + OPEN_FOR,
        )
        for party_id in sorted(parties)
    )  # fmt: skip


def _total(
    resource: Resource, scope: Scope, shape: Shape, question: Question, params: list[Any], shown: int, has_more: bool
) -> int:  # fmt: skip
    """Return how many rows all pages have; past MOST_COUNTED as the planner estimates it."""
    if not has_more and question.after is None and (shown or not question.offset):
        return question.offset + shown
    counted = Shape(shape.conditions, (), None, 0, 0, has_after=False, in_hand=shape.in_hand)
    params = params[: len(params) - len(question.after or ())]
    known_until, total = _counts.get(key := (resource, scope, counted, tuple(params)), (0.0, 0))
    if time.monotonic() < known_until:
        return total
    total = _counted(resource, scope, counted, params)
    if total >= WORTH_REMEMBERING:
        if len(_counts) > MOST_REMEMBERED:
            _counts.clear()
        _counts[key] = (time.monotonic() + REMEMBER_SECONDS, total)
    return total


def _counted(resource: Resource, scope: Scope, shape: Shape, params: list[Any]) -> int:
    row = fetch_one(count_statement(resource, scope, shape), params)
    assert row is not None
    if row[0] <= MOST_COUNTED:
        return int(row[0])
    plan = fetch_all(estimate_statement(resource, scope, shape), params, prepare=False)[0][0]
    return max(MOST_COUNTED + 1, int(plan[0]["Plan"]["Plan Rows"]))


def _links(request: HttpRequest, question: Question, place: str, total: int) -> list[str]:
    """Return the addresses of the other pages: the next by key, the others by offset where it reaches."""
    others = [(name, value) for name, values in request.GET.lists() for value in values]
    others = [(name, value) for name, value in others if name not in {"offset", "after"}]

    def link(relation: str, *more: tuple[str, str]) -> str:
        query = urlencode([*others, *more])
        return f'<{request.path}{"?" if query else ""}{query}>; rel="{relation}"'

    links = [link("next", ("after", place))] if place else []
    if place or question.offset or question.after is not None:
        links.insert(0, link("first"))
    if question.offset:
        links.append(link("prev", ("offset", str(max(0, question.offset - question.limit)))))
    last = (total - 1) // question.limit * question.limit if total else 0
    if place and question.after is None and last <= MOST_COUNTED:
        links.append(link("last", ("offset", str(last))))
    return links


def _pruned(text: str, fields: tuple[str, ...] | None) -> str:
    """Return JSON with only the fields asked for, where they lie deeper than the first level."""
    if fields is None or not any("." in name for name in fields):
        return text
    found = json.loads(text)
    for document in found if isinstance(found, list) else [found]:
        for first in {name.partition(".")[0] for name in fields} - set(fields):
            if first in document:
                below = [name.partition(".")[2] for name in fields if name.startswith(f"{first}.")]
                document[first] = _kept(document[first], below)
    return json.dumps(found, ensure_ascii=False)


def _kept(value: Any, paths: list[str]) -> Any:
    if isinstance(value, list):
        return [_kept(each, paths) for each in value]
    if not isinstance(value, dict):
        return value
    kept = {}
    for name in dict.fromkeys(path.partition(".")[0] for path in paths):
        if name in value:
            below = [path.partition(".")[2] for path in paths if path.startswith(f"{name}.")]
            kept[name] = value[name] if name in paths else _kept(value[name], below)
    return kept
