"""The composer: what was typed and pinned becomes one contact with all that came of it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from svyaz.access.queries import Rights, rights_of
from svyaz.customer360.actions import ContactDraft, DecisionNeedsEmployee, DecisionNotInForce, Override
from svyaz.decisions.actions import DecisionDraft, GroundDraft, NoAuthority, PromiseDraft, RejectedDraft
from svyaz.decisions.models import Decision
from svyaz.decisions.permissions import DecisionPermission
from svyaz.decisions.queries import UnknownFact
from svyaz.desk.customers.composer_forms import (
    UNREACHED,
    ContactForm,
    DecisionForm,
    OfferForm,
    PromiseForm,
    RejectedForm,
    end_of,
)
from svyaz.desk.models import Draft
from svyaz.interactions.actions import InteractionDraft, ProductOfAnotherParty
from svyaz.interactions.models import Interaction
from svyaz.markets.actions import NotACompetitor, OfferDraft
from svyaz.markets.permissions import MarketPermission
from svyaz.users.models import User

MOST_ROWS = 8
FormT = TypeVar("FormT", bound=forms.Form)
# What save_contact may answer instead of saving, each with the part of the composer it concerns.
REFUSALS = (NoAuthority, UnknownFact, DecisionNotInForce, DecisionNeedsEmployee, NotACompetitor, ProductOfAnotherParty)


@dataclass
class Composer:
    """Everything that the composer sent; `rights` have the relationship in hand (None: nobody is known yet).

    `is_kept`: the words of a draft, to be shown and not yet judged. `uid` and `version` name the draft it comes from.
    """

    data: QueryDict | None
    user: User
    rights: Rights | None
    zone: ZoneInfo
    now: datetime
    is_kept: bool = False
    draft: Draft | None = None
    uid: str = ""
    version: int = 0
    errors: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        today = self.now.astimezone(self.zone).date()
        sent = None if self.is_kept else self.data
        self.contact = ContactForm(sent, rights=self.rights, latest=self.now + timedelta(minutes=5))
        self.decides, self.promises_alone, self.offers = (
            bool(self.data and self.data.get(name)) for name in ("decide", "promising", "offering")
        )
        self.decision = DecisionForm(sent if self.decides else None, today=today)
        self.offer = OfferForm(sent if self.offers else None)
        decides = sent is not None and self.decides
        promises = decides or (sent is not None and self.promises_alone)
        self.promises = self._rows("promise", "what", self._promise_form) if promises else []
        self.rejected = self._rows("rejected", "option", self._rejected_form) if decides else []

    def _promise_form(self, prefix: str) -> PromiseForm:
        return PromiseForm(self.data, prefix=prefix, viewer=self.user, now=self.now)

    def _rejected_form(self, prefix: str) -> RejectedForm:
        return RejectedForm(self.data, prefix=prefix)

    def _rows(self, name: str, key: str, make: Callable[[str], FormT]) -> list[FormT]:
        """Return the forms of the rows that hold anything."""
        assert self.data is not None
        prefixes = [f"{name}-{index}" for index in range(MOST_ROWS)]
        return [make(prefix) for prefix in prefixes if self.data.get(f"{prefix}-{key}", "").strip()]

    @property
    def is_bound(self) -> bool:
        """Tell whether something was sent."""
        return self.data is not None

    def forms(self) -> Iterable[forms.Form]:
        """Return the forms that were filled in."""
        yield self.contact
        if self.decides:
            yield self.decision
        if self.offers:
            yield self.offer
        yield from self.promises
        yield from self.rejected

    def is_valid(self) -> bool:
        """Check everything at once, so that all that is wrong is said together."""
        are_valid = [form.is_valid() for form in self.forms()]
        if all(are_valid) and not self._says_something():
            self.contact.add_error("text", _("Say in a few words what it was about."))
        return all(are_valid) and not self.contact.errors

    def _says_something(self) -> bool:
        clean = self.contact.cleaned_data
        return bool(clean["text"].strip() or clean["subject"].strip() or self.decides or self.offers or self.promises)

    def missing_permission(self) -> str | None:
        """Return the permission that what was sent needs and the user has not."""
        rights = rights_of(self.user)
        needed: list[str] = []
        if self.decides or self.promises or self.keeps_all or self.kept or self.overridden or self.replaced:
            needed.append(DecisionPermission.MAKE)
        if self.offers:
            needed.append(MarketPermission.RECORD)
        return next((permission for permission in needed if not rights.may(permission)), None)

    @property
    def keeps_all(self) -> bool:
        """Tell whether all decisions in force are kept."""
        return bool(self.data and self.data.get("keep_all"))

    @property
    def kept(self) -> set[int]:
        """Return the ids of the decisions kept one by one."""
        return _numbers(self.data.getlist("keep")) if self.data else set()

    @property
    def replaced(self) -> int | None:
        """Return the id of the decision that the new one replaces."""
        return next(iter(_numbers([self.data.get("replaces", "")])), None) if self.data and self.decides else None

    @property
    def overridden(self) -> dict[int, str]:
        """Return the decisions to be overridden, each with the reason."""
        if self.data is None:
            return {}
        reasons = {
            name.removeprefix("override-"): str(self.data.get(name, "")).strip()[:300]
            for name in self.data
            if name.startswith("override-")
        }
        return {int(number): reason for number, reason in reasons.items() if reason and _numbers([number])}

    def grounds(self) -> list[GroundDraft]:
        """Return the pinned facts, in the order in which they were pinned."""
        drafts = []
        for ref in self.data.getlist("ground")[:50] if self.data else ():
            fact, _colon, number = ref.partition(":")
            reference_id = next(iter(_numbers([number])), None)
            if number and reference_id is None:
                raise UnknownFact(ref)
            drafts.append(GroundDraft(fact, reference_id))
        return drafts

    def contact_draft(self) -> ContactDraft:
        """Return what is to be saved; raises UnknownFact, DecisionNotInForce."""
        named = self.kept | self.overridden.keys() | ({self.replaced} if self.replaced else set())
        in_hand = self._decisions(named)
        promises = [_promise_draft(form) for form in self.promises]
        return ContactDraft(
            interaction=self._interaction(),
            offers=[self._offer()] if self.offers else (),
            decision=self._decision(promises) if self.decides else None,
            replaces=in_hand[self.replaced] if self.replaced else None,
            promises=() if self.decides else promises,
            keep=[in_hand[pk] for pk in sorted(self.kept - self.overridden.keys() - {self.replaced})],
            keep_all=self.keeps_all,
            overrides=[Override(in_hand[pk], reason) for pk, reason in self.overridden.items()],
        )

    def _decisions(self, ids: set[int]) -> dict[int, Decision]:
        if not ids or self.rights is None:
            return {}
        found: dict[int, Decision] = Decision.objects.visible_to(self.rights).in_bulk(ids)
        if missing := ids - found.keys():
            raise DecisionNotInForce(sorted(missing))
        return found

    def _interaction(self) -> InteractionDraft:
        clean = self.contact.cleaned_data
        at = clean["at"]
        is_reached = clean["direction"] != UNREACHED
        began = at if at is not None or not clean["minutes"] else self.now - timedelta(minutes=clean["minutes"])
        return InteractionDraft(
            channel=clean["channel"], is_reached=is_reached, at=began,
            direction=clean["direction"] if is_reached else Interaction.Direction.OUTBOUND,
            ended_at=(began or self.now) + timedelta(minutes=clean["minutes"]) if clean["minutes"] else None,
            subject=clean["subject"].strip(), text=clean["text"].strip(), topic=clean["topic"],
            products=list(clean["products"]), source="desk",
        )  # fmt: skip

    def _decision(self, promises: list[PromiseDraft]) -> DecisionDraft:
        clean = self.decision.cleaned_data
        rejected = [RejectedDraft(**form.cleaned_data) for form in self.rejected]
        return DecisionDraft(
            kind=clean["kind"], text=clean["text"].strip(), question=clean["question"].strip(), amount=clean["amount"],
            grounds=self.grounds(), rejected=rejected, promises=promises,
            valid_until=end_of(clean["valid_until"], self.zone), review_on=clean["review_on"],
        )  # fmt: skip

    def _offer(self) -> OfferDraft:
        return offer_draft(self.offer)

    def refuse(self, fact: Exception) -> None:
        """Say beside the part that it concerns why nothing was saved."""
        if isinstance(fact, NoAuthority):
            self.decision.add_error(
                "kind", _("None of your roles decides in this kind. Ask someone who does, or choose another kind.")
            )
        elif isinstance(fact, NotACompetitor):
            self.offer.add_error("competitor", _("This is not a competitor."))
        elif isinstance(fact, UnknownFact):
            self.errors.append(_("A pinned fact is not there any more. Unpin it and pin what is there now."))
        elif isinstance(fact, DecisionNotInForce):
            self.errors.append(_("A decision has changed meanwhile: look at what is in force now."))
        elif isinstance(fact, DecisionNeedsEmployee):
            self.errors.append(
                _("Only an employee can decide and promise. Ask your administrator to join your log-in to one.")
            )
        else:
            self.errors.append(_("A service of another customer was chosen."))


def offer_draft(form: OfferForm) -> OfferDraft:
    """Return a competitor's offer from its form."""
    clean = form.cleaned_data
    return OfferDraft(
        competitor=clean["competitor"], service_kind=clean["service_kind"], title=clean["title"].strip(),
        price=clean["price"], months=clean["months"], gift=clean["gift"].strip(), terms=clean["terms"].strip(),
    )  # fmt: skip


def _promise_draft(form: PromiseForm) -> PromiseDraft:
    clean = form.cleaned_data
    return PromiseDraft(clean["what"].strip(), clean["due_at"], clean["owner"])


def _numbers(texts: Iterable[str]) -> set[int]:
    return {int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 19}


def due_presets(now: datetime, zone: ZoneInfo) -> list[dict[str, Any]]:
    """Return the moments by which one usually promises, by the customer's clock, told by the reader's."""
    there = now.astimezone(zone)
    evening = there.replace(hour=18, minute=0, second=0, microsecond=0)
    friday = evening + timedelta(days=(4 - evening.weekday()) % 7)
    monday = evening + timedelta(days=(7 - evening.weekday()) % 7 or 7)
    moments = [evening, evening + timedelta(days=1)]
    moments.append(friday if friday - evening >= timedelta(days=2) else monday)
    return [{"value": moment.isoformat(), "at": timezone.localtime(moment)} for moment in moments if moment > now]
