"""What follows from the cells of a row: kind, a person's names, periods; and what does not fit together."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

LEGAL_FORMS = frozenset("ООО ОАО ЗАО ПАО АО НАО НКО АНО ГУП МУП ФГУП ФГБУ ГБУ МБУ ТСЖ СНТ LLC LTD INC GMBH".split())
SOLE_TRADER = "ИП"
NAME_PARTS = ("family_name", "given_name", "middle_name")
_NAME_WORD = re.compile(r"[^\W\d_]+(?:[-'’.][^\W\d_]*)*")
# The noun's own field has this many characters; what is derived must fit too.
NAME_LIMIT = 300


def complete(values: dict[str, Any], name_order: Sequence[str], as_of: date) -> list[tuple[str, str]]:
    """Derive what follows from the cells: kind, name, periods; return what does not fit together."""
    _complete_kind(values)
    is_company = values["kind"] == "organization"
    reasons = _complete_period(values, as_of)
    reasons += _unfit_for_a_company(values) if is_company else _unfit_for_a_person(values)
    if not is_company:
        _complete_person(values, name_order)
    if len(values.get("name", "")) > NAME_LIMIT:
        reasons.append(("name", _("longer than {limit} characters").format(limit=NAME_LIMIT)))
    return reasons


def _complete_kind(values: dict[str, Any]) -> None:
    first = values["name"].split(None, 1)[0].upper() if "name" in values else ""
    if first in LEGAL_FORMS or first == SOLE_TRADER:
        values.setdefault("legal_form", first)
    if "kind" not in values:
        form = values.get("legal_form", SOLE_TRADER)
        company = form != SOLE_TRADER or "kpp" in values or len(values.get("inn", "")) == 10
        values["kind"] = "organization" if company else "individual"


def _unfit_for_a_company(values: Mapping[str, Any]) -> list[tuple[str, str]]:
    wrong = [name for name in ("birth_date", "gender", "given_name", "middle_name") if name in values]
    reasons = [(name, _("a company has none")) for name in wrong]
    if "name" not in values:
        reasons.append(("name", _("a company must have a name")))
    if len(values.get("inn", "0123456789")) != 10:
        reasons.append(("inn", _("a company's INN has 10 digits")))
    return reasons


def _unfit_for_a_person(values: Mapping[str, Any]) -> list[tuple[str, str]]:
    reasons = []
    if "kpp" in values:
        reasons.append(("kpp", _("a person has none")))
    if values.get("legal_form", SOLE_TRADER) != SOLE_TRADER:
        reasons.append(("legal_form", _("a person has none")))
    if len(values.get("inn", "012345678901")) != 12:
        reasons.append(("inn", _("a person's INN has 12 digits")))
    return reasons


def _complete_person(values: dict[str, Any], order: Sequence[str]) -> None:
    """Make name and its parts say the same: a person's name is always its parts, one after another."""
    if not any(part in values for part in NAME_PARTS) and "name" in values:
        words = values["name"].split()
        if values.get("legal_form") == SOLE_TRADER and words[0].upper() == SOLE_TRADER and len(words) > 1:
            del words[0]
        if order and all(_NAME_WORD.fullmatch(word) for word in words):
            words[len(order) - 1 :] = [" ".join(words[len(order) - 1 :])]
            values.update((part, word[:100]) for part, word in zip(order, words, strict=False) if word)
        else:
            values["family_name"] = " ".join(words)[:100]
    if joined := " ".join([values[part] for part in NAME_PARTS if part in values]):
        values["name"] = joined


def _complete_period(values: dict[str, Any], as_of: date) -> list[tuple[str, str]]:
    if "tenure_months" in values:
        values["since"] = months_before(as_of, values["tenure_months"])
    since, ended = values.get("since"), values.get("ended")
    if since is None:
        since = values["since"] = ended or as_of
    if ended is not None and ended < since:
        return [("ended", _("ends before it begins"))]
    return []


def months_before(day: date, months: int) -> date:
    """Return the same day that many months earlier, or the last one of a shorter month."""
    count = day.year * 12 + day.month - 1 - months
    year, month = divmod(count, 12)
    for number in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, min(number, day.day))
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")
