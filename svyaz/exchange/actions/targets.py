"""What a column can be: a registry, so that own fields stand beside those that every base has."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from svyaz.exchange.actions import values as read
from svyaz.exchange.actions.values import Reader
from svyaz.users.models import User

# Writes values of one own field, by party, in the transaction that takes the parties over; records its own events.
Store = Callable[[Mapping[int, Any], User, datetime], None]


@dataclass(frozen=True)
class Target:
    """One thing that a column can be: its code in mappings, its words, how a cell is read, where own values go.

    `tables` names what `store` writes, each with SQL that finds the rows of parties (`%s`: their ids): what an undo
    must look after. `read` gives a list where several columns may hold it together.
    """

    code: str
    group: str | Promise
    label: str | Promise
    read: Reader
    store: Store | None = None
    tables: Mapping[str, str] | None = None


WHO, REACH, NUMBERS, RELATION = _("Who it is"), _("How to reach"), _("Numbers"), _("As a customer")

_BUILT_IN = {
    target.code: target
    for target in (
        Target("name", WHO, _("name, whole"), read.text_of(300)),
        Target("family_name", WHO, _("family name"), read.text_of(100)),
        Target("given_name", WHO, _("given name"), read.text_of(100)),
        Target("middle_name", WHO, _("patronymic"), read.text_of(100)),
        Target("kind", WHO, _("person or company"), read.word_of(read.KIND_WORDS)),
        Target("legal_form", WHO, _("legal form"), read.text_of(32)),
        Target("gender", WHO, _("gender"), read.word_of(read.GENDER_WORDS)),
        Target("birth_date", WHO, _("birth date"), read.birth_date),
        Target("language", WHO, _("language"), read.text_of(5)),
        Target("phone", REACH, _("phone"), read.phones),
        Target("email", REACH, _("e-mail"), read.emails),
        Target("fax", REACH, _("fax"), read.faxes),
        Target("address", REACH, _("address"), read.text_of(400)),
        Target("area", REACH, _("area"), read.area),
        Target("number", NUMBERS, _("customer number"), read.text_of(40)),
        Target("external_id", NUMBERS, _("id in the other system"), read.text_of(200)),
        Target("inn", NUMBERS, _("INN"), read.inn),
        Target("kpp", NUMBERS, _("KPP"), read.kpp),
        Target("ogrn", NUMBERS, _("OGRN"), read.ogrn),
        Target("passport", NUMBERS, _("passport"), read.document("passport")),
        Target("snils", NUMBERS, _("SNILS"), read.document("snils")),
        Target("tier", RELATION, _("worth tier"), read.word_of(read.TIER_WORDS)),
        Target("since", RELATION, _("customer since"), read.past_day),
        Target("tenure_months", RELATION, _("months as a customer"), read.months),
        Target("ended", RELATION, _("customer until"), read.end_day),
        Target("agreement", RELATION, _("contract"), read.text_of(40)),
        Target("agreement_term", RELATION, _("term of the contract"), read.text_of(40)),
        Target("agreement_date", RELATION, _("date of the contract"), read.past_day),
        Target("account", RELATION, _("billing account"), read.text_of(40)),
        Target("account_kind", RELATION, _("prepaid or postpaid"), read.word_of(read.ACCOUNT_WORDS)),
        Target("currency", RELATION, _("currency"), read.text_of(3)),
    )
}
BUILT_IN = frozenset(_BUILT_IN)

_PROVIDERS: list[Callable[[], Iterable[Target]]] = []


def register_targets(provider: Callable[[], Iterable[Target]]) -> Callable[[], Iterable[Target]]:
    """Add what a function yields whenever it is asked: own fields come and go while the program runs."""
    _PROVIDERS.append(provider)
    return provider


def targets() -> dict[str, Target]:
    """Return everything that a column can be, by code."""
    return _BUILT_IN | {target.code: target for provider in _PROVIDERS for target in provider()}
