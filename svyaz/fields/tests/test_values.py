"""A value of an own field is checked in one place, and read in both languages."""

import pytest
from django.db import IntegrityError, transaction
from django.utils.translation import override

from svyaz.fields.actions import InvalidOwnValue, add_field, normal
from svyaz.fields.models import OwnField
from svyaz.fields.queries import words_of
from tests.cast import NOON

pytestmark = pytest.mark.django_db
OPTIONS = [{"name": "СДЭК", "name_en": "CDEK"}, {"name": "Почта", "name_en": "Post"}]


def field(kind, noun="party", **more):
    options = {"options": OPTIONS} if kind in {"choice", "choices"} else {}
    return add_field(noun=noun, code=more.pop("code", kind), kind=kind, name=kind, by=None, at=NOON, **options, **more)


@pytest.mark.parametrize(
    ("kind", "given", "kept"),
    [("text", "  два   слова ", "два слова"), ("long_text", "а\nб", "а\nб"), ("number", "1 500,5", 1500.5),
     ("number", 7, 7), ("money", "1500.50 ₽", 1500.5), ("date", "19.05.2026", "2026-05-19"),
     ("date", "2026-05-19", "2026-05-19"), ("boolean", "да", True), ("boolean", False, False),
     ("choice", "почта", "post"), ("choice", "CDEK", "cdek"), ("choices", "Post; cdek", ["cdek", "post"]),
     ("choices", ["post"], ["post"]), ("email", "Olga@Mail.RU", "olga@mail.ru"),
     ("phone", "8 921 555-12-34", "+79215551234"), ("url", "https://a.example/b?c=1", "https://a.example/b?c=1"),
     ("text", "  ", None), ("choices", [], None)],
)  # fmt: skip
def test_a_value_is_kept_alike_however_it_is_written(kind, given, kept):
    assert normal(field(kind), given) == kept


@pytest.mark.parametrize(
    ("kind", "given", "reason"),
    [("text", "а" * 301, "too_long"), ("number", "много", "not_a_number"), ("number", "NaN", "not_a_number"),
     ("number", True, "not_a_number"), ("number", "1e99", "out_of_range"), ("money", "1.005", "out_of_range"),
     ("date", "31.02.2026", "not_a_date"), ("boolean", "может быть", "not_yes_or_no"), ("choice", "голубь", "unknown"),
     ("choices", "cdek, голубь", "unknown"), ("party", "Ольга", "unknown"), ("email", "нет", "not_an_email"),
     ("phone", "12", "not_a_phone"), ("url", "javascript:alert(1)", "not_a_link"), ("url", "https://", "not_a_link"),
     ("text", "a\x00b", "unknown")],
)  # fmt: skip
def test_what_a_field_cannot_hold(kind, given, reason):
    with pytest.raises(InvalidOwnValue) as refusal:
        normal(field(kind), given)
    assert (refusal.value.code, refusal.value.reason) == (kind, reason)


@pytest.mark.parametrize(
    ("kind", "value", "ru", "en"),
    [("number", 1500.5, "1\xa0500,5", "1,500.5"), ("money", 1500, "1\xa0500\xa0₽", "1,500\xa0₽"),
     ("boolean", True, "да", "yes"), ("choices", ["cdek", "post"], "СДЭК, Почта", "CDEK, Post"),
     ("date", "2026-05-19", "19.05.2026", "05/19/2026"), ("text", None, "", "")],
)  # fmt: skip
def test_values_read_in_both_languages(kind, value, ru, en):
    own = field(kind)
    with override("ru"):
        assert words_of(own, value) == ru
    with override("en"):
        assert words_of(own, value) == en


def test_the_data_base_refuses_a_code_that_is_no_code(db):
    with pytest.raises(IntegrityError), transaction.atomic():
        OwnField.objects.create(noun="party", code="A b", kind="text", name="Икс")
