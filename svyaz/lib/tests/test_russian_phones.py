"""The short way for Russian numbers says what the library says."""

import phonenumbers
from hypothesis import example, given, settings
from hypothesis import strategies as st

from svyaz.lib.phones import InvalidPhone, is_mobile, normalize_phone

PREFIX = st.sampled_from(["+7", "7", "8", "+8", "", "007", "8-", "+7 ", "+ 7", "(8)", "8 10 7 "])
GAP = st.sampled_from(["", "", "", " ", "-", "(", ")", ".", "--", " (", ") ", "/"])
DIGITS = st.text("0123456789", min_size=8, max_size=11)


@st.composite
def written_numbers(draw: st.DrawFn) -> str:
    digits = draw(st.sampled_from(["9", "9", "8", "3", "4", "5", "7", ""])) + draw(DIGITS)
    return draw(PREFIX) + "".join(draw(GAP) + digit for digit in digits) + draw(GAP)


def by_the_library(text: str) -> tuple[str, bool] | None:
    try:
        number = phonenumbers.parse(text, "RU")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    kind = phonenumbers.number_type(number)
    mobile = kind in {phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE}
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164), mobile


@settings(max_examples=3000, deadline=None)
@given(written_numbers())
@example("9215551234")
@example("79215551234")
@example("8001234567")
@example("8 800 100-00-00")
@example("8 (495) 123-45-67")
@example("8495123456")
@example("8 (921) 555-12-34")
@example("+7.921.555.12.34")
@example("٩٢١٥٥٥١٢٣٤")
def test_the_short_way_equals_the_library(text: str) -> None:
    try:
        number = normalize_phone(text)
        found = (number, is_mobile(number))
    except InvalidPhone:
        found = None

    assert found == by_the_library(text)
