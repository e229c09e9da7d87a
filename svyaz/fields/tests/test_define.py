"""An administrator adds, changes and archives own fields."""

import pytest

from svyaz.fields.actions import (
    FieldCodeTaken,
    FieldIsWrong,
    add_field,
    archive_field,
    change_field,
    restore_field,
)
from svyaz.fields.models import OwnField
from svyaz.fields.queries import changes_of_field, every_permission_group, fields_of
from svyaz.history.models import Event
from tests.cast import NOON

pytestmark = pytest.mark.django_db
OPTIONS = [{"name": "СДЭК", "name_en": "CDEK"}, {"name": "Почта", "name_en": "Post"}]


@pytest.fixture
def courier(admin):
    return add_field(
        noun="party", code="courier", kind="choice", name="Любимый курьер", name_en="Preferred courier",
        options=OPTIONS, by=admin, at=NOON,
    )  # fmt: skip


def test_a_field_stands_after_the_others_with_codes_for_its_options(courier, admin):
    second = add_field(noun="party", code="floor", kind="number", name="Этаж", by=admin, at=NOON)
    assert [option["code"] for option in courier.options] == ["cdek", "post"]
    assert courier.position < second.position
    assert fields_of("party", admin) == [courier, second]
    assert fields_of("product", admin) == []


@pytest.mark.parametrize(
    ("field", "more"),
    [("noun", {"noun": "dragon"}), ("kind", {"kind": "magic"}), ("code", {"code": "Code"}), ("code", {"code": "a b"}),
     ("name", {"name": " "}), ("name", {"name": "а" * 101}), ("options", {"kind": "choice"}),
     ("options", {"kind": "choice", "options": [{"name": ""}]}), ("applies_to", {"applies_to": ["dragon"]}),
     ("applies_to", {"noun": "contact", "applies_to": ["individual"]}), ("color", {"color": "red"})],
)  # fmt: skip
def test_what_cannot_be_is_refused(admin, field, more):
    given = {"noun": "party", "code": "x", "kind": "text", "name": "Икс", **more}
    with pytest.raises(FieldIsWrong) as refusal:
        add_field(**given, by=admin, at=NOON)
    assert refusal.value.field == field
    assert not OwnField.objects.exists()


def test_a_code_is_given_once_even_if_archived(courier, admin):
    archive_field(field=courier, by=admin, at=NOON)
    with pytest.raises(FieldCodeTaken):
        add_field(noun="party", code="courier", kind="text", name="Ещё", by=admin, at=NOON)
    other = add_field(noun="product", code="courier", kind="text", name="У услуги", by=admin, at=NOON)
    assert fields_of("product", admin) == [other]


def test_what_changed_is_kept_with_what_it_was(courier, admin):
    change_field(field=courier, name="Курьер", is_required=True, by=admin, at=NOON)
    event = changes_of_field(courier)[0]
    assert event.details["former"] == {"name": "Любимый курьер", "is_required": False}
    assert event.details["new"] == {"name": "Курьер", "is_required": True}
    before = Event.objects.count()
    change_field(field=courier, name="Курьер", by=admin, at=NOON)
    assert Event.objects.count() == before


def test_an_option_that_is_left_out_is_retired(courier, admin):
    changed = change_field(
        field=courier, options=[{"code": "post", "name": "Почта России"}, {"name": "Свой"}], by=admin, at=NOON
    )
    assert changed.offered() == [("post", "Почта России"), ("option_1", "Свой")]
    assert changed.option_names()["cdek"] == "СДЭК"
    with pytest.raises(FieldIsWrong):
        change_field(field=courier, options=[], by=admin, at=NOON)


def test_an_archived_field_comes_back(courier, admin):
    archive_field(field=courier, by=admin, at=NOON)
    assert fields_of("party", admin) == []
    restore_field(field=courier, by=admin, at=NOON)
    assert fields_of("party", admin) == [courier]
    assert [event.kind for event in changes_of_field(courier)] == ["field.restored", "field.archived", "field.saved"]


def test_a_field_for_some_kinds_of_parties(courier, admin):
    change_field(field=courier, applies_to=["individual"], by=admin, at=NOON)
    assert fields_of("party", admin, party_kind="individual")
    assert not fields_of("party", admin, party_kind="organization")
    both = change_field(field=courier, applies_to=["individual", "organization"], by=admin, at=NOON)
    assert both.applies_to == []


def test_a_restricted_field_brings_permissions_in_words(courier, admin):
    change_field(field=courier, is_read_restricted=True, by=admin, at=NOON)
    named = {name: words for group in every_permission_group() for name, words in group.permissions.items()}
    assert "Любимый курьер" in named["own:party.courier:read"]
    assert "own:party.courier:write" not in named
    assert fields_of("party", admin) == []
