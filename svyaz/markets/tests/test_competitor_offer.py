"""Competitors' offers: heard, answered, resolved."""

from decimal import Decimal

import pytest

from svyaz.history.models import Event
from svyaz.markets.actions import (
    NotACompetitor,
    OfferAlreadyResolved,
    OfferDraft,
    record_competitor_offer,
    resolve_offer,
)
from svyaz.markets.models import CompetitorOffer
from svyaz.parties.models import Party
from svyaz.users.models import User
from tests.cast import NOON


def test_it_is_dated_and_stands_until_resolved_once(olga: Party, romashka: Party, anna: User) -> None:
    draft = OfferDraft(competitor=romashka, service_kind="internet", price=Decimal(450), months=12, gift="роутер")
    offer = record_competitor_offer(party=olga, draft=draft, interaction=None, by=anna, at=NOON)
    assert offer.heard_date == NOON.date()
    assert list(CompetitorOffer.objects.visible_to(anna).standing(NOON.date())) == [offer]

    resolve_offer(offer=offer, result="stayed", by=anna, at=NOON)

    assert not CompetitorOffer.objects.standing(NOON.date()).exists()
    with pytest.raises(OfferAlreadyResolved):
        resolve_offer(offer=offer, result="left", by=anna, at=NOON)
    assert Event.objects.filter(kind="competitor_offer.resolved").count() == 1


def test_only_competitors_make_them(olga: Party, sever: Party, anna: User) -> None:
    draft = OfferDraft(competitor=sever, service_kind="internet")
    with pytest.raises(NotACompetitor):
        record_competitor_offer(party=olga, draft=draft, interaction=None, by=anna, at=NOON)


def test_strangers_do_not_see_it(olga: Party, romashka: Party, anna: User, gleb: User) -> None:
    draft = OfferDraft(competitor=romashka, service_kind="tv")
    record_competitor_offer(party=olga, draft=draft, interaction=None, by=anna, at=NOON)

    assert not CompetitorOffer.objects.visible_to(gleb).exists()
