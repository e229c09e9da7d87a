"""E-mail addresses in one spelling."""

from django.core.exceptions import ValidationError
from django.core.validators import validate_email


class InvalidEmail(ValueError):
    """The text is not an e-mail address."""


def normalize_email(text: str) -> str:
    """Return an address in lower case without blanks around it; raise InvalidEmail."""
    address = text.strip().lower()
    try:
        validate_email(address)
    except ValidationError as error:
        raise InvalidEmail(text) from error
    return address
