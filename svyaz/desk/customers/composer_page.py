"""What the composer shows: choices, chips, and everything that was typed when something was wrong."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy, pgettext_lazy

from svyaz.access.queries import rights_of
from svyaz.decisions.permissions import DecisionPermission
from svyaz.decisions.queries import kinds_in_use
from svyaz.desk.customers.composer import MOST_ROWS, Composer, due_presets
from svyaz.desk.customers.composer_forms import default_kind
from svyaz.desk.customers.values import CHANNEL_ICONS, Row, local_name
from svyaz.interactions.models import Channel
from svyaz.interactions.queries import topics_in_use
from svyaz.markets.permissions import MarketPermission
from svyaz.markets.queries import competitors
from svyaz.services.models import ProductOffering
from svyaz.workforce.queries import colleagues

CHANNELS = (Channel.PHONE, Channel.EMAIL, Channel.POST, Channel.FAX, Channel.MEETING, Channel.WEB, Channel.NOTE)
# What the buttons of the composer say, shorter than the channels' own names.
SHORT = {
    Channel.PHONE: gettext_lazy("Call"), Channel.EMAIL: pgettext_lazy("composer", "E-mail"),
    Channel.POST: gettext_lazy("Letter"), Channel.FAX: gettext_lazy("Fax"),
    Channel.MEETING: gettext_lazy("Meeting"), Channel.WEB: gettext_lazy("Web"), Channel.NOTE: gettext_lazy("Note"),
}  # fmt: skip
LEAST_PROMISES, LEAST_REJECTED = 1, 2


def composer_context(composer: Composer, data: Row | None, changed: str, keeps_all: bool) -> dict[str, Any]:
    """Return the composer's context; `data` is the 360° view, `changed` the decision that is being changed."""
    rights = rights_of(composer.user)
    panels = data["panels"] if data else {}
    old = next((row for row in in_force(panels) if str(row["id"]) == changed), None)
    sent = composer.data or QueryDict()
    may_decide = rights.may(DecisionPermission.MAKE)
    kinds = list(kinds_in_use()) if may_decide else []
    values = _decision_values(composer, old)
    channel = str(sent.get("channel") or Channel.PHONE)
    return {
        "uid": composer.uid,
        "version": composer.version,
        "handed": _handed(composer),
        "errors": composer.errors,
        "contact": composer.contact,
        "values": _contact_values(composer),
        "channels": [
            {"value": str(one), "icon": CHANNEL_ICONS[one], "name": SHORT[one], "is_checked": str(one) == channel}
            for one in CHANNELS
        ],
        "topics": list(topics_in_use()),
        "products": [_product(row, sent) for row in panels.get("products", {}).get("items", [])],
        "grounds": _grounds(composer),
        "keeps_all": keeps_all or composer.keeps_all,
        "has_in_force": bool(in_force(panels)),
        "may_decide": may_decide,
        "decides": composer.decides or old is not None,
        "decision": composer.decision,
        "decision_values": {**values, "kind": default_kind(kinds, values["kind"])},
        "kinds": kinds,
        "replaces": old["id"] if old else composer.replaced or "",
        "promising": composer.promises_alone,
        "promises": _promise_rows(composer),
        "presets": due_presets(composer.now, composer.zone),
        "colleagues": list(colleagues(composer.user).order_by("name_key")) if may_decide else [],
        "rejected": _rejected_rows(composer),
        "may_offer": rights.may(MarketPermission.RECORD),
        "offering": composer.offers,
        "offer": composer.offer,
        "offer_values": sent,
        # What the page shows outside of the form: pressed again where the page has them.
        "pressed": [
            (name, value) for name, values in sent.lists() for value in values
            if value and (name == "keep" or name.startswith("override-"))
        ],
        "competitors": list(competitors()) if rights.may(MarketPermission.RECORD) else [],
        "service_kinds": ProductOffering.Kind.choices,
    }  # fmt: skip


def in_force(panels: Row) -> list[Row]:
    """Return the decisions in force that the viewer may see."""
    rows: list[Row] = panels.get("decisions_in_force", {}).get("items", [])
    return rows


def _handed(composer: Composer) -> Row | None:
    """Return who handed the draft over, when and why."""
    draft = composer.draft
    if draft is None or draft.handed_by is None:
        return None
    return {"by": draft.handed_by.name, "at": draft.handed_at, "reason": draft.written.reason}


def _contact_values(composer: Composer) -> Row:
    data = composer.data or QueryDict()
    return {
        "channel": data.get("channel") or Channel.PHONE.value, "direction": data.get("direction") or "inbound",
        **{name: data.get(name, "") for name in ("text", "subject", "topic", "at", "minutes")},
    }  # fmt: skip


def _decision_values(composer: Composer, old: Row | None) -> Row:
    names = ("text", "kind", "question", "amount", "valid_until", "review_on")
    if composer.data is not None and (old is None or composer.replaced == old["id"]):
        return {name: composer.data.get(f"decision-{name}", "") for name in names}
    if old is None:
        return dict.fromkeys(names, "")
    until = old["valid_until"]
    amount = "" if old["amount"] is None else f"{float(old['amount']):g}".replace(".", ",")
    kind = old.get("kind_id", "")
    return {"text": old["text"], "kind": kind, "question": old["question"], "amount": amount,
            "valid_until": until[:10] if until else "", "review_on": old["review_on"] or ""}  # fmt: skip


def _product(row: Row, sent: QueryDict) -> Row:
    chosen = sent.getlist("products")
    return {
        "id": row["id"],
        "name": local_name(row, "offering_name"),
        "icon": row["kind"],
        "is_chosen": str(row["id"]) in chosen,
    }


def _grounds(composer: Composer) -> list[tuple[str, str]]:
    """Return the pinned facts that were sent or kept, to be pinned again, each with what it was called."""
    refs = dict.fromkeys(composer.data.getlist("ground")[:50]) if composer.data else {}
    labels = composer.draft.written.labels if composer.draft else {}
    return [(ref, labels.get(ref, "")) for ref in refs]


def _promise_rows(composer: Composer) -> list[Row]:
    names = ("what", "due", "at", "owner")
    return _rows(composer, "promise", composer.promises, names, LEAST_PROMISES)


def _rejected_rows(composer: Composer) -> list[Row]:
    return _rows(composer, "rejected", composer.rejected, ("option", "reason"), LEAST_REJECTED)


def _rows(composer: Composer, name: str, sent: Iterable[forms.Form], fields: tuple[str, ...], least: int) -> list[Row]:
    """Return the rows that were filled in, with their errors, and empty ones up to the least number."""
    data = composer.data or QueryDict()
    errors = {form.prefix: form.errors for form in sent}
    rows: list[Row] = []
    for prefix in (f"{name}-{index}" for index in range(MOST_ROWS)):
        values = {one: data.get(f"{prefix}-{one}", "") for one in fields}
        # A row always has a term chosen; that alone fills nothing in.
        if any(value.strip() for one, value in values.items() if one != "due"):
            rows.append({"index": len(rows), "errors": errors.get(prefix, {}), **values})
    rows += [{"index": index, "errors": {}, **dict.fromkeys(fields, "")} for index in range(len(rows), least)]
    return rows
