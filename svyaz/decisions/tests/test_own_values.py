"""Own fields on parties, services, contacts and decisions: values change with one event, and rows are found by them."""

import pytest

from svyaz.access.actions import grant_permission
from svyaz.decisions.actions import DecisionDraft, make_decision
from svyaz.decisions.models import Decision
from svyaz.fields.actions import (
    InvalidOwnValue,
    MayNotSetOwnField,
    NoSuchOwnField,
    add_field,
    archive_field,
    change_field,
)
from svyaz.fields.queries import holding_text, in_range, with_any_of, with_value, words_of
from svyaz.history.models import Event
from svyaz.interactions.actions import InteractionDraft, record_interaction, set_contact_values
from svyaz.interactions.models import Interaction
from svyaz.parties.actions import set_own_values
from svyaz.parties.models import Party
from svyaz.services.actions import set_product_values
from svyaz.users.models import User
from tests.cast import NOON

pytestmark = pytest.mark.django_db
OPTIONS = [{"name": "СДЭК", "name_en": "CDEK"}, {"name": "Почта", "name_en": "Post"}]


def field(kind, noun="party", **more):
    options = {"options": OPTIONS} if kind in {"choice", "choices"} else {}
    return add_field(noun=noun, code=more.pop("code", kind), kind=kind, name=kind, by=None, at=NOON, **options, **more)


def test_values_of_a_party_change_with_one_event(olga, anna):
    field("choice", code="courier")
    field("number", code="floor")
    set_own_values(party=olga, values={"courier": "cdek", "floor": "3"}, by=anna, at=NOON)
    set_own_values(party=olga, values={"courier": "post"}, by=anna, at=NOON)
    olga.refresh_from_db()
    assert olga.own == {"courier": "post", "floor": 3}
    event = Event.objects.latest("pk")
    assert (event.kind, event.party_id) == ("party.own_changed", olga.pk)
    assert (event.details["former"], event.details["new"]) == ({"courier": "cdek"}, {"courier": "post"})

    before = Event.objects.count()
    set_own_values(party=olga, values={"courier": "Почта"}, by=anna, at=NOON)
    assert Event.objects.count() == before
    set_own_values(party=olga, values={"courier": ""}, by=anna, at=NOON)
    olga.refresh_from_db()
    assert olga.own == {"floor": 3}


def test_a_required_value_is_not_taken_away(olga, anna):
    field("text", code="courier", is_required=True)
    with pytest.raises(InvalidOwnValue):
        set_own_values(party=olga, values={"courier": ""}, by=anna, at=NOON)


def test_unknown_archived_and_foreign_fields(olga, anna, admin):
    courier = field("text", code="courier", applies_to=["organization"])
    for code in ("courier", "dragon"):
        with pytest.raises(NoSuchOwnField):
            set_own_values(party=olga, values={code: "x"}, by=anna, at=NOON)
    change_field(field=courier, applies_to=[], by=admin, at=NOON)
    set_own_values(party=olga, values={"courier": "СДЭК"}, by=anna, at=NOON)
    archive_field(field=courier, by=admin, at=NOON)
    with pytest.raises(NoSuchOwnField):
        set_own_values(party=olga, values={"courier": "x"}, by=anna, at=NOON)
    assert Party.objects.get(pk=olga.pk).own == {"courier": "СДЭК"}


def test_who_may_not_change_or_see_a_field(olga, anna, roles, admin):
    courier = field("text", code="courier", is_write_restricted=True)
    with pytest.raises(MayNotSetOwnField):
        set_own_values(party=olga, values={"courier": "x"}, by=anna, at=NOON)
    change_field(field=courier, is_read_restricted=True, by=admin, at=NOON)
    with pytest.raises(NoSuchOwnField):
        set_own_values(party=olga, values={"courier": "x"}, by=anna, at=NOON)
    for permission in (courier.read_permission, courier.write_permission):
        grant_permission(role=roles["agent"], permission=permission, by=admin, at=NOON)
    set_own_values(party=olga, values={"courier": "x"}, by=User.objects.get(pk=anna.pk), at=NOON)
    assert Party.objects.get(pk=olga.pk).own == {"courier": "x"}


def test_a_link_goes_to_a_party_that_one_sees(olga, sever, gleb, anna):
    agent = field("party", code="agent")
    set_own_values(party=olga, values={"agent": sever.pk}, by=anna, at=NOON)
    olga.refresh_from_db()
    assert words_of(agent, olga.own["agent"], parties={sever.pk: "Север"}) == "Север"
    for by, target in ((anna, 10**15), (gleb, olga.pk)):
        with pytest.raises(InvalidOwnValue):
            set_own_values(party=sever, values={"agent": target}, by=by, at=NOON)


def test_values_of_products_contacts_and_decisions(olga, olgas_internet, anna, anna_employee, discount):
    for noun in ("product", "contact", "decision"):
        field("text", noun=noun, code="mark")
    set_product_values(product=olgas_internet, values={"mark": "П"}, by=anna, at=NOON)
    contact = record_interaction(
        party=olga, draft=InteractionDraft("phone", text="Звонок", own={"mark": "К"}), employee=anna_employee, by=anna,
        at=NOON,
    )  # fmt: skip
    assert Interaction.objects.get(pk=contact.pk).own == {"mark": "К"}
    set_contact_values(interaction=contact, values={"mark": "Л"}, by=anna, at=NOON)
    assert Interaction.objects.get(pk=contact.pk).own == {"mark": "Л"}
    decision = make_decision(
        party=olga, draft=DecisionDraft(discount, "Скидка", own={"mark": "Р"}), interaction=contact,
        maker=anna_employee, by=anna, at=NOON,
    )  # fmt: skip
    assert Decision.objects.get(pk=decision.pk).own == {"mark": "Р"}
    kinds = set(Event.objects.values_list("kind", flat=True))
    assert {"product.own_changed", "interaction.own_changed"} <= kinds
    with pytest.raises(NoSuchOwnField):
        record_interaction(
            party=olga, draft=InteractionDraft("phone", own={"dragon": "К"}), employee=anna_employee, by=anna, at=NOON
        )


def test_rows_are_found_by_their_values(olga, sever, romashka):
    courier, floor, note = field("choices", code="courier"), field("number", code="floor"), field("text", code="note")
    set_own_values(
        party=olga, values={"courier": "cdek, post", "floor": 3, "note": "Код домофона 45"}, by=None, at=NOON
    )
    set_own_values(party=sever, values={"courier": "post", "floor": 12}, by=None, at=NOON)

    def found(condition):
        return set(Party.objects.filter(condition))

    assert found(with_any_of(courier, ["cdek"])) == {olga}
    assert found(with_any_of(courier, ["post"])) == {olga, sever}
    assert found(with_any_of(courier, [])) == set()
    assert found(with_value(floor)) == {olga, sever}
    assert found(in_range(floor, "gte", 12)) == {sever}
    assert found(in_range(floor, "lt", 12)) == {olga}
    assert found(holding_text(note, "ДОМОФОН")) == {olga}
    assert found(~with_value(note)) == {sever, romashka}
