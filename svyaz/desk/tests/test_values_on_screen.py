"""How values look: money, phone numbers, times, initials, keys."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone, translation

from svyaz.desk.icons import ALIASES, ICONS, icon_name
from svyaz.desk.templatetags.desk import (
    day_name,
    icon,
    initials,
    key_label,
    local_time,
    moment,
    money,
    phone,
    relative,
)

NOON = datetime(2026, 5, 20, 12, 0, tzinfo=UTC)
TODAY = NOON.date()


@pytest.mark.parametrize(
    ("amount", "language", "shown"),
    [
        (Decimal("1930.00"), "ru", "1 930 ₽"),
        (Decimal("1930.50"), "ru", "1 930,50 ₽"),
        (Decimal("1234567"), "en", "1,234,567 ₽"),
        (-450, "ru", "−450 ₽"),
        (0, "ru", "0 ₽"),
        ("12.3", "en", "12.30 ₽"),
        (None, "ru", "—"),
        ("", "ru", "—"),
    ],
)
def test_money_is_grouped_and_shows_kopecks_only_where_there_are_any(amount, language: str, shown: str) -> None:
    with translation.override(language):
        assert money(amount).replace("\u00a0", " ") == shown


def test_money_of_another_currency_carries_its_sign() -> None:
    with translation.override("ru"):
        assert money(10, "USD") == "10\u00a0$"
        assert money(10, "XAU") == "10\u00a0XAU"


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("+79215551234", "+7 921 555-12-34"),
        ("+74951234567", "+7 495 123-45-67"),
        ("call me", "call me"),
        ("", ""),
        (None, ""),
    ],
)
def test_a_phone_number_is_written_in_groups(number: str | None, shown: str) -> None:
    assert phone(number).replace("\u00a0", " ") == shown


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Ольга Смирнова", "ОС"),
        ("ООО «Север»", "С"),
        ("ПАО «Балтийский Берег»", "ББ"),
        ("борис", "Б"),
        ("", "?"),
        ("«»", "?"),
    ],
)
def test_an_avatar_shows_two_letters_of_the_name(name: str, letters: str) -> None:
    assert initials(name) == letters


@pytest.mark.parametrize(
    ("keys", "caps"), [("KeyK", "K"), ("Slash", "/"), ("Shift+Slash", "?"), ("Mod+Enter", "Ctrl ↵"), ("Digit1", "1")]
)
def test_a_key_is_named_by_its_cap(keys: str, caps: str) -> None:
    assert key_label(keys).replace("\u00a0", " ") == caps


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (TODAY, "Today"),
        (TODAY - timedelta(days=1), "Yesterday"),
        (TODAY + timedelta(days=1), "Tomorrow"),
        (date(2026, 3, 5), "5 March"),
        (date(2024, 3, 5), "5 March 2024"),
    ],
)
def test_a_day_is_named_as_one_speaks_of_it(day: date, words: str) -> None:
    with translation.override("en"):
        assert day_name(day, TODAY) == words


def test_a_day_is_the_readers_day_not_that_of_utc() -> None:
    late = datetime(2026, 5, 19, 22, 30, tzinfo=UTC)
    with translation.override("en"), timezone.override("Europe/Moscow"):
        assert day_name(late, TODAY) == "Today"
        assert ">01:30<" in local_time(late)


@pytest.mark.parametrize(
    ("distance", "words"),
    [
        (timedelta(seconds=20), "now"),
        (timedelta(minutes=5), "in 5 min"),
        (timedelta(hours=2), "in 2 h"),
        (-timedelta(hours=3), "3 h ago"),
        (-timedelta(days=1), "1 day ago"),
        (-timedelta(days=12), "12 days ago"),
        (timedelta(days=90), "in 3 months"),
        (-timedelta(days=800), "2 years ago"),
    ],
)
def test_a_distance_in_time_is_said_in_one_unit(distance: timedelta, words: str) -> None:
    with translation.override("en"):
        assert f">{words}</time>" in relative(NOON + distance, NOON)


def test_a_moment_is_told_to_machines_too() -> None:
    assert '<time datetime="2026-05-20T12:00:00+00:00"' in moment(NOON)
    assert '<time datetime="2026-05-20">' in moment(TODAY)


@pytest.mark.parametrize("shown", [moment, relative, local_time])
def test_no_time_is_shown_as_nothing(shown) -> None:
    assert shown(None) == ""


def test_an_icon_is_silent_for_a_screen_reader() -> None:
    assert 'aria-hidden="true"' in icon("call", "bad")
    assert '#phone"' in icon("call", "bad")
    assert 'class="i bad"' in icon("call", "bad")


def test_an_unknown_icon_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="No icon 'unicorn'"):
        icon_name("unicorn")


def test_our_own_words_for_icons_lead_to_icons_that_are_there() -> None:
    assert set(ALIASES.values()) <= ICONS
