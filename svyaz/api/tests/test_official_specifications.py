"""Answers hold to TM Forum's own specification files."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from django.conf import settings

pytestmark = pytest.mark.django_db
FOLDER = settings.PROJECT_DIR.parents[1] / "shared" / "tmf"
CONTACTS = "/tmf-api/partyInteractionManagement/v4/partyInteraction"
# What conformance asks for beyond what the schema requires.
MANDATORY = {
    "Customer": {"id", "href", "@type", "name", "engagedParty"},
    "PartyInteraction": {"id", "href", "channel", "direction", "reason"},
    "Individual": {"id", "href", "familyName", "givenName"},
    "Organization": {"id", "href", "tradingName"},
    "Error": {"code", "reason"},
}


@cache
def definitions(specification: str) -> dict[str, Any]:
    """Return the definitions of a specification; without its file the test is skipped, and says so."""
    found = sorted(FOLDER.glob(f"TMF{specification}-*.swagger.json")) if FOLDER.is_dir() else []
    if not found:
        pytest.skip(f"TM Forum's specification TMF{specification} is not in {FOLDER}")
    loaded: dict[str, Any] = json.loads(Path(found[-1]).read_text(encoding="utf-8"))["definitions"]
    return loaded


def assert_conforms(body: Any, specification: str, name: str) -> None:
    """Check a body, or each of a list, against a definition of a specification."""
    schema = {"$ref": f"#/definitions/{name}", "definitions": definitions(specification)}
    validator = jsonschema_rs.Draft4Validator(schema, validate_formats=True)
    for each in body if isinstance(body, list) else [body]:
        assert [str(error.message) for error in validator.iter_errors(each)] == []
        assert set(each) >= MANDATORY[name]


@pytest.fixture
def contact(anna: Any, calls: Any, olga_customer: Any, olgas_internet: Any, sever: Any) -> Any:
    """A contact with everything that a contact may have."""
    body = {
        "channel": [{"id": "phone"}],
        "reason": "Счёт",
        "description": "Спрашивает.",
        "interactionDate": {"startDateTime": "2026-05-19T09:00:00Z", "endDateTime": "2026-05-19T09:10:00Z"},
        "relatedParty": [
            {"id": str(olga_customer.pk), "@referredType": "Customer"},
            {"id": str(sever.pk), "@referredType": "Organization", "role": "payer"},
        ],
        "interactionItem": [{"item": {"id": str(olgas_internet.pk), "@referredType": "Product"}}],
        "externalIdentifier": [{"id": "call-1", "owner": "pbx"}],
    }
    return calls(anna).post(CONTACTS, body)


def test_customers(anna: Any, calls: Any, olga_customer: Any, olgas_account: Any, sever: Any) -> None:
    path = "/tmf-api/customerManagement/v4/customer"

    assert_conforms(calls(anna).get(f"{path}/{olga_customer.pk}").json(), "629", "Customer")
    assert_conforms(calls(anna).get(path).json(), "629", "Customer")
    assert_conforms(calls(anna).get(f"{path}/0").json(), "629", "Error")
    assert_conforms(calls(anna).get(path, color="red").json(), "629", "Error")


def test_contacts(anna: Any, calls: Any, contact: Any) -> None:
    assert_conforms(contact.json(), "683", "PartyInteraction")
    assert_conforms(calls(anna).get(contact["Location"]).json(), "683", "PartyInteraction")
    assert_conforms(calls(anna).get(CONTACTS).json(), "683", "PartyInteraction")
    assert_conforms(calls(anna).post(CONTACTS, {}).json(), "683", "Error")


def test_parties(vera: Any, calls: Any, olga: Any, sever: Any) -> None:
    caller = calls(vera)

    assert_conforms(caller.get(f"/tmf-api/party/v4/individual/{olga.pk}").json(), "632", "Individual")
    assert_conforms(caller.get("/tmf-api/party/v4/organization").json(), "632", "Organization")
    assert_conforms(caller.get("/tmf-api/party/v4/individual/0").json(), "632", "Error")


@pytest.mark.parametrize(
    "list_path", ["customerManagement/v4/customer", "partyInteractionManagement/v4/partyInteraction"]
)
def test_lists_tell_their_counts(anna: Any, calls: Any, contact: Any, list_path: str) -> None:
    response = calls(anna).get(f"/tmf-api/{list_path}")

    assert response["X-Result-Count"] == response["X-Total-Count"] == str(len(response.json()))
