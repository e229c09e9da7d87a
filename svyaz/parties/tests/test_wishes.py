"""Preferences, consents, factors and scores."""

from datetime import timedelta
from decimal import Decimal

import pytest

from svyaz.history.models import Event
from svyaz.parties.actions import (
    ConsentAlreadyGiven,
    ConsentAlreadyWithdrawn,
    InvalidField,
    PreferenceAlreadyEnded,
    end_preference,
    give_consent,
    note_factor,
    record_score,
    save_preference,
    withdraw_consent,
)
from svyaz.parties.events import PartyEvent
from svyaz.parties.models import Consent, Preference, Score
from tests.cast import NOON

pytestmark = pytest.mark.django_db


def test_a_new_channel_ends_the_former_one(olga, anna):
    save_preference(party=olga, kind="channel", value="phone", by=anna, at=NOON)
    save_preference(party=olga, kind="channel", value="email", by=anna, at=NOON)

    assert Preference.objects.get(party=olga, ended_date__isnull=True).value == "email"


def test_interests_stand_side_by_side(olga, anna):
    for interest in ("кино", "футбол"):
        save_preference(party=olga, kind="interest", value=interest, by=anna, at=NOON)

    assert Preference.objects.filter(party=olga, ended_date__isnull=True).count() == 2


def test_an_observation_does_not_overwrite_what_was_stated(olga, anna):
    save_preference(party=olga, kind="hours", value="после 18", source="звонок", by=anna, at=NOON)
    preference = save_preference(party=olga, kind="hours", value="после 18", origin="observed", by=anna, at=NOON)

    assert (preference.origin, preference.source) == ("stated", "звонок")
    assert Preference.objects.count() == 1


def test_a_preference_ends_once(olga, anna):
    preference = save_preference(party=olga, kind="dislike", value="навязывание", by=anna, at=NOON)
    end_preference(preference=preference, by=anna, at=NOON)

    with pytest.raises(PreferenceAlreadyEnded):
        end_preference(preference=preference, by=anna, at=NOON)


def test_a_consent_is_given_and_withdrawn(olga, anna):
    consent = give_consent(
        party=olga, purpose="marketing", text_version="2026-1", channel="phone", evidence="запись 17", by=anna, at=NOON
    )
    assert list(Consent.objects.in_force()) == [consent]

    withdraw_consent(consent=consent, evidence="письмо", by=anna, at=NOON + timedelta(days=1))

    assert not Consent.objects.in_force().exists()
    assert Event.objects.latest("pk").kind == PartyEvent.CONSENT_WITHDRAWN
    with pytest.raises(ConsentAlreadyWithdrawn):
        withdraw_consent(consent=consent, by=anna, at=NOON + timedelta(days=2))


def test_a_consent_to_one_purpose_is_given_once_at_a_time(olga, anna):
    give_consent(party=olga, purpose="marketing", text_version="1", channel="web", by=anna, at=NOON)

    with pytest.raises(ConsentAlreadyGiven):
        give_consent(party=olga, purpose="marketing", text_version="2", channel="web", by=anna, at=NOON)


def test_a_consent_names_its_text(olga, anna):
    with pytest.raises(InvalidField):
        give_consent(party=olga, purpose="marketing", text_version=" ", channel="web", by=anna, at=NOON)


@pytest.mark.parametrize("weight", [0, 6, -1])
def test_a_factor_weighs_one_to_five(olga, anna, weight):
    with pytest.raises(InvalidField):
        note_factor(party=olga, factor="цена", weight=weight, by=anna, at=NOON)


def test_a_factor_cites_its_contact(olga, anna):
    factor = note_factor(party=olga, factor="цена", weight=5, interaction_id=7, by=anna, at=NOON)

    assert (factor.noted_date, factor.interaction_id) == (NOON.date(), 7)


def test_a_days_score_is_replaced_on_that_day_only(olga, anna):
    record_score(party=olga, kind="churn", value=Decimal("0.5"), by=anna, at=NOON)
    record_score(party=olga, kind="churn", value=Decimal("0.71"), reasons=["late"], by=anna, at=NOON)
    record_score(party=olga, kind="churn", value=Decimal("0.6"), by=anna, at=NOON + timedelta(days=1))

    assert list(Score.objects.order_by("computed_date").values_list("value", flat=True)) == [
        Decimal("0.71"),
        Decimal("0.6"),
    ]
