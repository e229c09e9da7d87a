"""What a column can be: what every base has, and the own fields that an administrator added."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from svyaz.access.queries import rights_of
from svyaz.exchange.actions import values as read
from svyaz.exchange.actions.values import BadValue, Reader, Setting
from svyaz.fields.actions import InvalidOwnValue, normal
from svyaz.fields.models import OwnField
from svyaz.users.models import User


@dataclass(frozen=True)
class Target:
    """One thing that a column can be: its code in mappings, its words, how a cell is read.

    `read` gives a list of pairs where several columns may hold it together. `own` is the own field behind it.
    """

    code: str
    group: str | Promise
    label: str | Promise
    read: Reader
    own: OwnField | None = None

    def fits(self, kind: str) -> bool:
        """Tell whether parties of a kind (individual, organization) have it."""
        return self.own is None or self.own.applies(kind)

    def may_be_set_by(self, user: User) -> bool:
        """Tell whether a user may write it; a program of the command line may."""
        return self.own is None or user.kind == User.Kind.SYSTEM or self.own.may_set(rights_of(user))


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

OWN = "own."


def own_targets() -> list[Target]:
    """Return the own fields of parties as targets; links to other parties have no spelling in a file."""
    fields = OwnField.objects.filter(noun=OwnField.Noun.PARTY, archived_at__isnull=True)
    group, is_english = _("Own fields"), get_language() == "en"
    return [
        Target(f"{OWN}{field.code}", group, (is_english and field.name_en) or field.name, _reader(field), field)
        for field in fields.exclude(kind=OwnField.Kind.PARTY).order_by("position", "pk")
    ]


def _reader(field: OwnField) -> Callable[[str, Setting], Any]:
    def read_own(text: str, setting: Setting) -> Any:
        if field.kind == OwnField.Kind.DATE:
            text = read.day(text, setting).isoformat()
        try:
            return normal(field, _codes(field, text))
        except InvalidOwnValue as error:
            raise BadValue(_now("not possible here: {value}").format(value=text[:60])) from error

    return read_own


def _codes(field: OwnField, text: str) -> Any:
    """Return the options that a cell names, by their words or their codes; other text as it is."""
    if field.kind not in {OwnField.Kind.CHOICE, OwnField.Kind.CHOICES}:
        return text
    known = {
        str(option[name]).casefold(): option["code"]
        for option in field.options for name in _NAMES if option.get(name)
    }  # fmt: skip
    parts = text.replace(",", ";").split(";") if field.kind == OwnField.Kind.CHOICES else [text]
    found = [known.get(part.strip().casefold(), part.strip()) for part in parts if part.strip()]
    return found if field.kind == OwnField.Kind.CHOICES else found[0]


_NAMES = ("name_en", "name", "code")


def targets() -> dict[str, Target]:
    """Return everything that a column can be, by code."""
    return _BUILT_IN | {target.code: target for target in own_targets()}
