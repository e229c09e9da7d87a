"""History in words: who changed what when, from which value to which."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import QuerySet
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from svyaz.fields.queries import every_permission_group
from svyaz.history.models import Event

MOST = 30

VERBS: Mapping[str, Any] = {
    "role.saved": _("saved the role"),
    "role.assigned": _("gave the role"),
    "role.assignment_ended": _("took the role away"),
    "user.created": _("opened the log-in"),
    "user.deactivated": _("barred the log-in"),
    "user.reactivated": _("let in again"),
    "user.unlocked": _("lifted the lock"),
    "user.password_reset": _("ended the password"),
    "user.password_changed": _("chose a password"),
    "user.preferences_saved": _("changed own settings"),
    "token.issued": _("issued a token"),
    "token.revoked": _("revoked a token"),
    "employee.hired": _("hired"),
    "employee.changed": _("corrected"),
    "employee.moved": _("moved"),
    "employee.left": _("ended the employment"),
    "employee.skill_saved": _("noted a skill"),
    "employee.login_opened": _("opened the log-in"),
    "department.created": _("opened"),
    "department.changed": _("changed"),
    "department.closed": _("closed"),
    "department.reopened": _("opened again"),
    "department.head_appointed": _("appointed the head"),
    "area.created": _("created"),
    "area.changed": _("changed"),
    "area.moved": _("moved"),
    "topic.saved": _("saved"),
    "decision_kind.saved": _("saved"),
    "decision_kind.limit_set": _("set a limit"),
    "offering.saved": _("saved"),
    "offering.price_set": _("set the price"),
    "offering.price_began": _("the price began"),
    "field.saved": _("saved"),
    "field.archived": _("archived"),
    "field.restored": _("took into use again"),
    "party.created": _("created"),
    "party.changed": _("changed"),
    "party_role.given": _("gave the role"),
    "party_role.ended": _("ended the role"),
}

FIELDS: Mapping[str, Any] = {
    "name": _("name"),
    "name_en": _("name in English"),
    "permissions": _("permissions"),
    "is_active": _("in use"),
    "username": _("user name"),
    "number": _("staff number"),
    "department": _("department"),
    "position": _("position"),
    "position_en": _("position in English"),
    "level": _("level"),
    "parent": _("belongs to"),
    "area": _("territory"),
    "head": _("head"),
    "valid_to": _("until"),
    "valid_from": _("since"),
    "code": _("code"),
    "time_zone": _("time zone"),
    "is_service_area": _("service area"),
    "unit": _("unit"),
    "outcome_after_days": _("judged after days"),
    "limit": _("limit"),
    "kind": _("kind"),
    "description": _("description"),
    "currency": _("currency"),
    "status": _("state"),
    "areas": _("where"),
    "parts": _("parts"),
    "price": _("price a month"),
    "help": _("help"),
    "options": _("options"),
    "applies_to": _("for"),
    "is_required": _("required"),
    "in_lists": _("column of lists"),
    "is_read_restricted": _("not for everyone to see"),
    "is_write_restricted": _("not for everyone to change"),
    "role": _("role"),
    "user": _("user"),
    "scopes": _("what it may"),
    "skill": _("skill"),
    "expires_at": _("until"),
}
# What an event tells beside former and new values.
ASIDE = ("role", "user", "area", "skill", "scopes", "valid_from", "valid_to", "expires_at")
VALUES: Mapping[tuple[str, str], Any] = {
    ("limit", "none"): _("may not decide"),
    ("limit", "unlimited"): _("without limit"),
    ("status", "draft"): _("in preparation"),
    ("status", "active"): _("on sale"),
    ("status", "retired"): _("no longer sold"),
}


def history(events: "QuerySet[Event]") -> list[dict[str, Any]]:
    """Return the latest of some events in words: who, when, what, and the values before and after."""
    named = {value: words for group in every_permission_group() for value, words in group.permissions.items()}
    return [
        {
            "by": event.by,
            "at": event.at,
            "verb": VERBS.get(event.kind, event.kind),
            "changes": list(_changes(event.details, named)),
        }
        for event in events[:MOST]
    ]


def _changes(details: Mapping[str, Any], named: Mapping[str, Any]) -> Iterable[dict[str, Any]]:
    former, new = details.get("former") or {}, details.get("new") or {}
    for name in ASIDE:
        value = details.get(f"{name}_name") or details.get(name)
        if value and name not in new:
            yield {"name": FIELDS.get(name, name), "after": _words(name, value, named), "is_new": True}
    for name, after in (new if isinstance(new, Mapping) else {}).items():
        before = former.get(name) if isinstance(former, Mapping) else None
        if isinstance(after, list) and isinstance(before, list):
            yield from _of_lists(name, before, after, named)
        elif not (before is None and after in ("", [])):
            yield {
                "name": FIELDS.get(name, name),
                "before": _words(name, before, named) if name in former else "",
                "after": _words(name, after, named),
                "is_new": name not in former,
            }


def _of_lists(name: str, before: list[Any], after: list[Any], named: Mapping[str, Any]) -> Iterable[dict[str, Any]]:
    """Say of a list what came and what went, not all that stayed."""
    words = FIELDS.get(name, name)
    for value in after:
        if value not in before:
            yield {"name": words, "after": _words(name, value, named), "is_added": True}
    for value in before:
        if value not in after:
            yield {"name": words, "before": _words(name, value, named), "is_taken": True}


def _words(name: str, value: Any, named: Mapping[str, Any]) -> str:
    if value is None or value == "" or value == []:
        return "—"
    if isinstance(value, bool):
        return str(pgettext_lazy("a value", "yes") if value else pgettext_lazy("a value", "no"))
    if name == "permissions" and isinstance(value, list):
        return str(len(value))
    if isinstance(value, list):
        return ", ".join(_words(name, one, named) for one in value)
    if isinstance(value, dict):
        return str(value.get("name") or ", ".join(_words(name, one, named) for one in value.values()))
    if isinstance(value, str) and name in {"valid_from", "valid_to", "expires_at"}:
        moment = parse_datetime(value) if "T" in value else None
        return date_format(localtime(moment), "SHORT_DATE_FORMAT") if moment else value
    if isinstance(value, str):
        return str(VALUES.get((name, value)) or named.get(value) or value)
    return str(value)


def of_nobody() -> str:
    """Say who acted where nobody in particular did."""
    return gettext("the system")
