"""What references lead to: parties (TMF632), employees, channels; read only."""

import json

from django.db.models import DateTimeField, F
from django.db.models.functions import Cast
from django.http import HttpRequest, HttpResponse
from ninja import Router

from svyaz.access.permissions import needs
from svyaz.api.contact_media import MEDIA, contact_media
from svyaz.api.docs import TEXT, content, errors, list_of, many, one_of, record
from svyaz.api.errors import NotFound
from svyaz.api.interaction_resource import CHANNEL_PATH
from svyaz.api.resources.answer import answer_list, answer_one, json_response
from svyaz.api.resources.attributes import Attribute, Filter, Key, Resource, read_name
from svyaz.api.resources.values import EMPLOYEE_PATH, filled, identity
from svyaz.interactions.models import Channel
from svyaz.interactions.permissions import InteractionPermission
from svyaz.parties.models import Party
from svyaz.parties.permissions import PartyPermission
from svyaz.workforce.models import Employee
from svyaz.workforce.permissions import WorkforcePermission

INDIVIDUAL_PATH = "/tmf-api/party/v4/individual"
ORGANIZATION_PATH = "/tmf-api/party/v4/organization"
BY_NAME = Filter("name_key", "text", read_name)
NAME_KEYS = (Key("name_key", "text"),)
DATE_TIME = {"type": "string", "format": "date-time"}


INDIVIDUAL = Resource(
    name="individual",
    path=INDIVIDUAL_PATH,
    permission=PartyPermission.READ,
    party="pk",
    rows=lambda rights: Party.objects.visible_to(rights).filter(kind=Party.Kind.INDIVIDUAL),
    listed=lambda rows: rows.filter(merged_into__isnull=True),
    canonical="canonical_id",
    survivor_row=lambda rights, pk: rights.party_id or pk,
    attributes=(
        *identity(INDIVIDUAL_PATH, "Individual"),
        Attribute("fullName", TEXT, lambda rights: F("name"), filters=(BY_NAME,), sort=NAME_KEYS),
        Attribute("familyName", TEXT, lambda rights: F("family_name"), is_always_given=True),
        Attribute("givenName", TEXT, lambda rights: F("given_name"), is_always_given=True),
        Attribute("middleName", TEXT, lambda rights: filled("middle_name"), is_optional=True),
        Attribute("gender", TEXT, lambda rights: filled("gender"), is_optional=True),
        Attribute(
            "birthDate",
            DATE_TIME,
            lambda rights: Cast("birth_date", DateTimeField()),
            permission=PartyPermission.READ_PERSONAL,
            is_optional=True,
        ),
        Attribute("contactMedium", MEDIA, lambda rights: contact_media(rights, "pk")),
    ),
)

ORGANIZATION = Resource(
    name="organization",
    path=ORGANIZATION_PATH,
    permission=PartyPermission.READ,
    party="pk",
    rows=lambda rights: Party.objects.visible_to(rights).filter(kind=Party.Kind.ORGANIZATION),
    listed=lambda rows: rows.filter(merged_into__isnull=True),
    canonical="canonical_id",
    survivor_row=lambda rights, pk: rights.party_id or pk,
    attributes=(
        *identity(ORGANIZATION_PATH, "Organization"),
        Attribute("name", TEXT, lambda rights: F("name"), filters=(BY_NAME,), sort=NAME_KEYS),
        Attribute("tradingName", TEXT, lambda rights: F("name"), is_always_given=True),
        Attribute("organizationType", TEXT, lambda rights: filled("legal_form"), is_optional=True),
        Attribute("contactMedium", MEDIA, lambda rights: contact_media(rights, "pk")),
    ),
)

EMPLOYEE = Resource(
    name="employee",
    path=EMPLOYEE_PATH,
    permission=WorkforcePermission.READ,
    rows=lambda rights: Employee.objects.visible_to(rights),
    attributes=(
        *identity(EMPLOYEE_PATH, "Employee"),
        Attribute("number", TEXT, lambda rights: F("number"), filters=(Filter("number", "text", str),)),
        Attribute("name", TEXT, lambda rights: F("name"), filters=(BY_NAME,), sort=NAME_KEYS, is_always_given=True),
        Attribute("position", TEXT, lambda rights: filled("position"), is_optional=True),
        Attribute("department", TEXT, lambda rights: F("department__name")),
    ),
)

router = Router()


@router.get("/party/v4/individual", operation_id="listIndividual", tags=["party"], openapi_extra=list_of(INDIVIDUAL))
@needs(PartyPermission.READ)
def list_individual(request: HttpRequest) -> HttpResponse:
    """List the persons of the caller's areas."""
    return answer_list(request, INDIVIDUAL)


@router.get(
    "/party/v4/individual/{id}", operation_id="retrieveIndividual", tags=["party"], openapi_extra=one_of(INDIVIDUAL)
)
@needs(PartyPermission.READ)
def retrieve_individual(request: HttpRequest, id: str) -> HttpResponse:  # noqa: A002
    """Answer one person by id; the card counts as opened."""
    return answer_one(request, INDIVIDUAL, id, is_opening=True)


@router.get(
    "/party/v4/organization", operation_id="listOrganization", tags=["party"], openapi_extra=list_of(ORGANIZATION)
)
@needs(PartyPermission.READ)
def list_organization(request: HttpRequest) -> HttpResponse:
    """List the companies of the caller's areas."""
    return answer_list(request, ORGANIZATION)


@router.get(
    "/party/v4/organization/{id}", operation_id="retrieveOrganization", tags=["party"],
    openapi_extra=one_of(ORGANIZATION),
)  # fmt: skip
@needs(PartyPermission.READ)
def retrieve_organization(request: HttpRequest, id: str) -> HttpResponse:  # noqa: A002
    """Answer one company by id; the card counts as opened."""
    return answer_one(request, ORGANIZATION, id, is_opening=True)


@router.get("/svyaz/v1/employee", operation_id="listEmployee", tags=["employee"], openapi_extra=list_of(EMPLOYEE))
@needs(WorkforcePermission.READ)
def list_employee(request: HttpRequest) -> HttpResponse:
    """List the employees."""
    return answer_list(request, EMPLOYEE)


@router.get(
    "/svyaz/v1/employee/{id}", operation_id="retrieveEmployee", tags=["employee"], openapi_extra=one_of(EMPLOYEE)
)
@needs(WorkforcePermission.READ)
def retrieve_employee(request: HttpRequest, id: str) -> HttpResponse:  # noqa: A002
    """Answer one employee by id."""
    return answer_one(request, EMPLOYEE, id)


CHANNEL = record(("id", "href", "name"), id=TEXT, href=TEXT, name=TEXT)


def _channel(code: str) -> dict[str, str]:
    return {"id": code, "href": f"{CHANNEL_PATH}/{code}", "name": code}


@router.get(
    "/svyaz/v1/channel", operation_id="listChannel", tags=["channel"],
    openapi_extra={"responses": {200: content(many(CHANNEL), "The channels."), **errors(401, 403, 429)}},
)  # fmt: skip
@needs(InteractionPermission.READ)
def list_channel(request: HttpRequest) -> HttpResponse:
    """List the channels on which contacts take place."""
    return json_response(json.dumps([_channel(code) for code in Channel.values]))


@router.get(
    "/svyaz/v1/channel/{id}", operation_id="retrieveChannel", tags=["channel"],
    openapi_extra={"responses": {200: content(CHANNEL, "The channel."), **errors(401, 403, 404, 429)}},
)  # fmt: skip
@needs(InteractionPermission.READ)
def retrieve_channel(request: HttpRequest, id: str) -> HttpResponse:  # noqa: A002
    """Answer one channel."""
    if id not in Channel.values:
        raise NotFound(f"channel {id}: no such channel")
    return json_response(json.dumps(_channel(id)))
