"""How a piece of work shows wherever it stands: a promise, a decision, a contact, and the party it is about."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from svyaz.access.queries import Rights, Viewer, parties_in_hand, rights_of
from svyaz.decisions.models import Decision, Promise
from svyaz.desk.customers.values import CHANNEL_ICONS, title_of
from svyaz.interactions.models import Interaction
from svyaz.parties.models import Party
from svyaz.parties.permissions import PartyPermission
from svyaz.workforce.models import Employee

Row = dict[str, Any]
STANDINGS = {"1_in_force": (_("in force"), "good"), "2_proposed": (_("waits for approval"), "wait")}
OUTCOME_TONES = {"stayed": "good", "accepted": "good", "left": "bad", "refused": "bad", "complained_again": "wait"}


def with_party_roles(found: "QuerySet[Any]") -> "QuerySet[Any]":
    """Fetch the numbers by which nameless parties are called."""
    return found.prefetch_related("party__roles")


@dataclass(frozen=True)
class Reach:
    """Which cards the viewer can open from a list: those of his areas and those in his hand."""

    rights: Rights
    in_hand: frozenset[int]

    @classmethod
    def of(cls, viewer: Viewer, at: datetime) -> "Reach":
        """Read what the viewer can open now."""
        return cls(rights_of(viewer), parties_in_hand(viewer, at=at))

    def party(self, party: Party | None) -> Row | None:
        """Return a party with its name, and whether its card opens."""
        if party is None:
            return None
        numbers = [role.number for role in party.roles.all()]
        is_open = self.rights.may_in(PartyPermission.READ, party.home_area_id) or party.pk in self.in_hand
        return {"id": party.pk, "title": title_of(party.name, numbers, party.pk), "is_open": is_open}

    def promise(self, promise: Promise, at: datetime, owners: "dict[int, Employee] | None" = None) -> Row:
        """Return an open promise with how urgent it is, and who of `owners` answers for it now."""
        left = promise.due_at - at
        return {
            "id": promise.pk,
            "what": promise.what,
            "due_at": promise.due_at,
            "party": self.party(promise.party),
            "decision": promise.decision,
            "owner": promise.employee if owners is None else owners.get(promise.owner_id),  # type: ignore[attr-defined]
            "is_late": left < timedelta(0),
            "tone": "bad" if left < timedelta(hours=2) else "wait" if left < timedelta(hours=26) else "",
        }

    def decision(self, decision: Decision) -> Row:
        """Return a decision with its party, how it stands and how it ended."""
        words, tone = STANDINGS.get(getattr(decision, "standing", ""), (_past(decision), ""))
        return {
            "row": decision,
            "party": self.party(decision.party),
            "state": words,
            "tone": tone,
            "outcomes": [
                {"name": outcome.get_kind_display(), "tone": OUTCOME_TONES.get(outcome.kind, "")}
                for outcome in decision.outcomes.all()
            ],
        }

    def contact(self, contact: Interaction) -> Row:
        """Return a contact with its party and the picture of its channel."""
        return {
            "row": contact,
            "party": self.party(contact.party),
            "icon": CHANNEL_ICONS.get(contact.channel, "note"),
            "words": contact.subject or contact.text[:140],
        }


def _past(decision: Decision) -> Any:
    approval = getattr(decision, "approval", None)
    return _("refused") if approval is not None and not approval.is_approved else _("no longer in force")


def end_of_day(at: datetime) -> datetime:
    """Return the moment at which the reader's day ends."""
    return timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)


def start_of_day(at: datetime) -> datetime:
    """Return the moment at which the reader's day began."""
    return timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
