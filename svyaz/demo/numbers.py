"""Numbers with their check digits: tax numbers, registration numbers, telephone numbers."""

_INN10 = (2, 4, 10, 3, 5, 9, 4, 6, 8)
_INN12_FIRST = (7, 2, 4, 10, 3, 5, 9, 4, 6, 8)
_INN12_SECOND = (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)
# Without 2 and 5 among its factors it spreads neighbours over all seven digits and meets each number once.
_SPREAD = 7_368_787
SEVEN_DIGITS = 10_000_000


def _check(digits: str, weights: tuple[int, ...]) -> str:
    return str(sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True)) % 11 % 10)


def company_inn(region: str, serial: int) -> str:
    """Return a company's tax number: region, inspection, serial, check digit."""
    body = f"{region}{serial % 43 + 1:02d}{serial % 100_000:05d}"
    return body + _check(body, _INN10)


def person_inn(region: str, serial: int) -> str:
    """Return a person's tax number with both check digits."""
    body = f"{region}{serial % 43 + 1:02d}{serial % 1_000_000:06d}"
    body += _check(body, _INN12_FIRST)
    return body + _check(body, _INN12_SECOND)


def ogrn(region: str, year: int, serial: int) -> str:
    """Return a company's registration number."""
    body = f"1{year % 100:02d}{region}{serial % SEVEN_DIGITS:07d}"
    return body + str(int(body) % 11 % 10)


def ogrnip(region: str, year: int, serial: int) -> str:
    """Return a sole trader's registration number."""
    body = f"3{year % 100:02d}{region}{serial % 1_000_000_000:09d}"
    return body + str(int(body) % 13 % 10)


def spread(serial: int) -> str:
    """Return seven digits that no other serial below ten millions has."""
    return f"{(serial * _SPREAD + 1_234_577) % SEVEN_DIGITS:07d}"
