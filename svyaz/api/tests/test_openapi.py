"""The OpenAPI document tells the truth: whatever is generated from it gets an answer that it describes, never a 5xx."""

from collections.abc import Callable, Iterator
from typing import Any

import hypothesis
import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.test import Client
from hypothesis import strategies
from schemathesis.checks import not_a_server_error
from schemathesis.generation.modes import GenerationMode
from schemathesis.specs.openapi.checks import response_schema_conformance, status_code_conformance

from svyaz.api.door import api
from svyaz.parties.actions import create_individual
from tests.cast import NOON

DOCUMENT = "/tmf-api/openapi.json"
EXAMPLES = 12
TABLES = (
    "interactions_interaction", "interactions_participant", "decisions_decision", "decisions_ground",
    "decisions_promise", "decisions_approval", "parties_merge", "history_event", "api_idempotencykey", "access_opening",
)  # fmt: skip
CHECKS = [not_a_server_error, response_schema_conformance, status_code_conformance]


def operations() -> Iterator[tuple[str, str]]:
    """Yield the method and the path of every operation."""
    paths = api.get_openapi_schema(path_prefix="/tmf-api/")["paths"]
    for path, methods in paths.items():
        for method in methods:
            yield method.upper(), path


def rows() -> dict[str, int]:
    """Return how many rows there are of what the API writes."""
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(f"SELECT '{table}', count(*) FROM {table}" for table in TABLES))
        return dict(cursor.fetchall())


def test_anyone_may_read_the_document(db: None) -> None:
    response = Client().get(DOCUMENT)

    assert response.status_code == 200
    assert response.json()["openapi"].startswith("3.")
    assert response.json()["components"]["securitySchemes"]


def test_every_operation_names_its_errors() -> None:
    paths = api.get_openapi_schema(path_prefix="/tmf-api/")["paths"]
    for path, methods in paths.items():
        for method, operation in methods.items():
            assert {"401", "403", "429"} <= {str(status) for status in operation["responses"]}, f"{method} {path}"


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_whatever_is_generated_is_answered_as_described(
    vera: Any, calls: Callable[..., Any], olga_customer: Any, discount: Any, olgas_internet: Any, settings: Any
) -> None:
    settings.API_RATE = 0
    caller, party = calls(vera), {"id": str(olga_customer.pk)}
    contact = {"channel": [{"id": "phone"}], "reason": "x", "relatedParty": [party]}
    made = caller.post("/tmf-api/partyInteractionManagement/v4/partyInteraction", contact)
    decision = {"party": party, "kind": "discount", "text": "x", "amount": 50, "ground": [{"fact": "customer.since"}]}
    proposed = caller.post("/tmf-api/svyaz/v1/decision", decision)
    twin = create_individual(family_name="Волкова", home_area=olga_customer.party.home_area, by=None, at=NOON)
    other = {"id": str(twin.pk), "@referredType": "Individual"}
    merged = caller.post("/tmf-api/svyaz/v1/partyMerge", {"survivor": party, "merged": [other], "reason": "x"})
    assert (made.status_code, proposed.status_code, merged.status_code) == (201, 201, 201)
    known = {
        "customer": party["id"], "individual": str(olga_customer.party_id), "partyInteraction": made.json()["id"],
        "decision": proposed.json()["id"], "employee": "1", "channel": "phone", "customer360": party["id"],
        "partyMerge": merged.json()[0]["id"],
    }  # fmt: skip
    schema = schemathesis.openapi.from_wsgi(DOCUMENT, get_wsgi_application())
    tried = set()
    found: Any
    for found in schema.get_all_operations():
        operation = found.ok()
        tried.add((operation.method.upper(), operation.path))
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            _try(operation, mode, caller.headers, known)

    assert tried == set(operations())


def _try(operation: Any, mode: GenerationMode, headers: dict[str, str], known: dict[str, str]) -> None:
    """Send what the document allows (or just not allows), half of it about what is there; look at the answers."""

    @hypothesis.seed(20260519)
    @hypothesis.settings(
        max_examples=EXAMPLES, database=None, deadline=None, derandomize=False,
        suppress_health_check=list(hypothesis.HealthCheck), phases=[hypothesis.Phase.generate],
    )  # fmt: skip
    @hypothesis.given(case=operation.as_strategy(generation_mode=mode), is_known=strategies.booleans())
    def check(case: Any, is_known: bool) -> None:
        if is_known:
            _point_at_what_is_there(case, known)
        before = rows()
        response = case.call(headers=headers)
        if 400 <= response.status_code < 500:
            assert rows() == before, f"{response.status_code} changed something"
        case.validate_response(response, checks=CHECKS)

    try:
        check()
    except hypothesis.errors.Unsatisfiable:
        # There is nothing to get wrong in an operation without parameters.
        assert mode == GenerationMode.NEGATIVE


def _point_at_what_is_there(case: Any, known: dict[str, str]) -> None:
    """Replace ids that nobody has by those of rows that are there."""
    words = case.operation.path.split("/")
    for name in case.path_parameters or {}:
        case.path_parameters[name] = known.get(words[words.index(f"{{{name}}}") - 1], "1")
    if isinstance(case.body, dict):
        party = {"id": known["customer"]}
        pointed = {
            "party": party,
            "relatedParty": [party],
            "kind": "discount",
            "interaction": {"id": known["partyInteraction"]},
        }
        case.body.update({field: value for field, value in pointed.items() if field in case.body})
