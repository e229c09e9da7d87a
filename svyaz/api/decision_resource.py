"""A decision as the API shows it: with its grounds, rejected options, promises, and what later contacts did with it."""

from typing import Any

from django.db.models import Case, Exists, F, OuterRef, QuerySet, TextField, When
from django.db.models.functions import Now

from svyaz.access.queries import Rights
from svyaz.api.docs import FLAG, MOMENT, NUMBER, PERIOD, TEXT, many, record, reference
from svyaz.api.interaction_resource import INTERACTION_PATH
from svyaz.api.resources.attributes import (
    COMPARISONS,
    Attribute,
    Filter,
    Key,
    Resource,
    read_choice,
    read_moment,
    read_text,
)
from svyaz.api.resources.values import (
    address,
    as_text,
    constant,
    customer_reference,
    employee_reference,
    filled,
    identity,
    period,
)
from svyaz.customer360.queries.compile import JsonObject, JsonRows
from svyaz.decisions.models import Decision, Ground, Promise, Sighting
from svyaz.decisions.permissions import DecisionPermission

DECISION_PATH = "/tmf-api/svyaz/v1/decision"
MOST_PARTS = 50
STATES = {"proposed": "proposed", "in_force": "inForce"}
OUTCOMES = {value: value if value != "not_dealt_with" else "notDealtWith" for value in Sighting.Outcome.values}


def read_state(text: str) -> str:
    """Return a state as the base spells it."""
    return {theirs: ours for ours, theirs in STATES.items()}[read_choice(*STATES.values())(text)]


def spelled(lookup: str, words: dict[str, str]) -> Any:
    """Return a choice in the API's spelling."""
    cases = [When(**{lookup: ours, "then": constant(theirs)}) for ours, theirs in words.items()]
    return Case(*cases, output_field=TextField())


def _rows(rights: Rights) -> "QuerySet[Decision]":
    """Return decisions, each with whether it binds at this moment."""
    moment: Any = Now()
    binding = Decision.objects.visible_to(rights.beyond_areas()).in_force(moment).filter(pk=OuterRef("pk"))
    rows: QuerySet[Decision] = Decision.objects.visible_to(rights).annotate(is_binding=Exists(binding))
    return rows


def _of_decision(rights: Rights, below: str) -> Any:
    """Return this decision joined with its rows of a kind."""
    return Decision.objects.visible_to(rights).filter(**{"pk": OuterRef("pk"), f"{below}__isnull": False})


def _grounds(rights: Rights) -> Any:
    rows = Ground.objects.visible_to(rights).filter(decision=OuterRef("pk")).order_by("id")[:MOST_PARTS]
    return JsonRows(
        rows, fact=F("fact"), value=F("value"), label=F("label"), referenceType=filled("reference_type"),
        referenceId=as_text("reference_id"), readDate=F("read_at"),
    )  # fmt: skip


def _rejected(rights: Rights) -> Any:
    rows = _of_decision(rights, "rejected").order_by("rejected__id")[:MOST_PARTS]
    return JsonRows(rows, option=F("rejected__option"), reason=F("rejected__reason"))


def _promises(rights: Rights) -> Any:
    rows = Promise.objects.visible_to(rights).filter(decision=OuterRef("pk")).order_by("due_at", "id")[:MOST_PARTS]
    return JsonRows(
        rows, id=as_text("pk"), what=F("what"), dueDateTime=F("due_at"), employee=employee_reference("employee"),
        result=F("result__result"), resultDate=F("result__at"),
    )  # fmt: skip


def _sightings(rights: Rights) -> Any:
    rows = _of_decision(rights, "sightings").order_by("-sightings__id")[:MOST_PARTS]
    contact = JsonObject(
        id=as_text("sightings__interaction_id"), href=address(INTERACTION_PATH, "sightings__interaction_id")
    )
    return JsonRows(
        rows, outcome=spelled("sightings__outcome", OUTCOMES), reason=filled("sightings__reason"),
        date=F("sightings__at"), by=F("sightings__by__name"), interaction=contact,
    )  # fmt: skip


def _approval(rights: Rights) -> Any:
    shown = JsonObject(
        isApproved=F("approval__is_approved"), reason=filled("approval__reason"), date=F("approval__at"),
        approver=employee_reference("approval__approver"),
    )  # fmt: skip
    return Case(When(approval__isnull=False, then=shown))


def _linked(lookup: str, path: str) -> Any:
    """Return a reference by id, where there is one."""
    shown = JsonObject(id=as_text(lookup), href=address(path, lookup))
    return Case(When(**{f"{lookup}__isnull": False, "then": shown}))


def _authority(rights: Rights) -> Any:
    return JsonObject(role=filled("authority"), limit=F("authority_limit"))


LINK = record(("id",), id=TEXT, href=TEXT)
GROUND = record(
    ("fact", "label"), fact=TEXT, value={}, label=TEXT, referenceType=TEXT, referenceId=TEXT, readDate=MOMENT
)
PROMISE = record(
    ("id", "what", "dueDateTime"), id=TEXT, what=TEXT, dueDateTime=MOMENT, employee=reference(), result=TEXT,
    resultDate=MOMENT,
)  # fmt: skip
SIGHTING = record(("outcome", "date"), outcome=TEXT, reason=TEXT, date=MOMENT, by=TEXT, interaction=LINK)

DECISION = Resource(
    name="decision",
    path=DECISION_PATH,
    permission=DecisionPermission.READ,
    rows=_rows,
    default_sort="-madeDate",
    attributes=(
        *identity(DECISION_PATH, "Decision"),
        Attribute("isInForce", FLAG, lambda rights: F("is_binding"), sort=(Key("is_binding", "boolean"),)),
        Attribute(
            "state", TEXT, lambda rights: spelled("state", STATES),
            filters=(Filter("state", "text", read_state),),
        ),
        Attribute("text", TEXT, lambda rights: F("text"), is_always_given=True),
        Attribute("question", TEXT, lambda rights: filled("question"), is_optional=True),
        Attribute(
            "kind", record(("id", "name"), id=TEXT, name=TEXT),
            lambda rights: JsonObject(id=F("kind__code"), name=F("kind__name")),
            filters=(Filter("kind__code", "text", read_text, "id"),),
        ),
        Attribute("measure", TEXT, lambda rights: filled("measure"), is_optional=True),
        Attribute("unit", TEXT, lambda rights: filled("unit"), is_optional=True),
        Attribute("amount", NUMBER, lambda rights: F("amount"), is_optional=True),
        Attribute(
            "subject", record(("type", "id"), type=TEXT, id=TEXT),
            lambda rights: JsonObject(type=F("subject_type"), id=as_text("subject_id")),
        ),
        Attribute("party", reference("@referredType"), customer_reference, is_optional=True, is_sparse=True),
        Attribute("interaction", LINK, lambda rights: _linked("interaction", INTERACTION_PATH), is_optional=True),
        Attribute("maker", reference(), lambda rights: employee_reference("maker")),
        Attribute("authority", record(role=TEXT, limit=NUMBER), _authority, is_sparse=True),
        Attribute(
            "madeDate", MOMENT, lambda rights: F("made_at"),
            filters=(Filter("made_at", "timestamptz", read_moment, operators=COMPARISONS),),
            sort=(Key("made_at", "timestamptz"),),
        ),
        Attribute(
            "validFor", PERIOD,
            lambda rights: period("valid_from", "valid_until"),
        ),
        Attribute("reviewDate", {"type": "string", "format": "date"}, lambda rights: F("review_on"), is_optional=True),
        Attribute("supersedes", LINK, lambda rights: _linked("supersedes", DECISION_PATH), is_optional=True),
        Attribute("ground", many(GROUND), _grounds, is_sparse=True),
        Attribute("rejectedOption", many(record(("option", "reason"), option=TEXT, reason=TEXT)), _rejected),
        Attribute("promise", many(PROMISE), _promises, is_sparse=True),
        Attribute("sighting", many(SIGHTING), _sightings, is_sparse=True),
        Attribute(
            "approval", record(("isApproved", "date"), isApproved=FLAG, reason=TEXT, date=MOMENT, approver=reference()),
            _approval, is_optional=True, is_sparse=True,
        ),
    ),
)  # fmt: skip
