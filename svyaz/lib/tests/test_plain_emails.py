"""The short way for e-mail addresses lets nothing through that the validator refuses."""

from django.core.validators import validate_email
from hypothesis import given, settings
from hypothesis import strategies as st

from svyaz.lib.emails import _PLAIN, normalize_email


@settings(max_examples=150, deadline=None)
@given(st.from_regex(_PLAIN, fullmatch=True))
def test_what_is_plain_is_valid(address: str) -> None:
    validate_email(address)

    assert normalize_email(f" {address.upper()} ") == address
