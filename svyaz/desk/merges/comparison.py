"""Parties side by side: what each says of itself field by field, what is suggested, and what would come of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from svyaz.access.queries import Rights, Viewer, rights_of
from svyaz.customer360.queries.together import history_sizes
from svyaz.desk.merges.words import HISTORY, LANGUAGES
from svyaz.desk.naming import label, title_of
from svyaz.parties.models import Party, PartyRole
from svyaz.parties.queries import likeliest_survivor, sees_personal

Row = dict[str, Any]
PERSON = (
    "family_name", "given_name", "middle_name", "birth_date", "gender", "inn", "ogrn", "language", "home_area",
)  # fmt: skip
COMPANY = ("name", "legal_form", "inn", "kpp", "ogrn", "language", "home_area")
# Of these a longer value says more: a patronymic written out, a name in full.
LONGER_SAYS_MORE = frozenset({"family_name", "given_name", "middle_name", "name"})
# Where these differ there may be two people after all.
TELLING = frozenset({"birth_date", "gender", "inn", "ogrn"})


@dataclass(frozen=True)
class Comparison:
    """Parties to be merged, which of them stays, and whose value of each field is taken."""

    parties: Sequence[Party]
    survivor: Party
    chosen: Mapping[str, int]
    rights: Rights

    @classmethod
    def of(cls, parties: Sequence[Party], sent: Mapping[str, Any], viewer: Viewer) -> "Comparison":
        """Read what was chosen; what was not is suggested."""
        by_id = {str(party.pk): party for party in parties}
        survivor = by_id.get(str(sent.get("survivor", ""))) or likeliest_survivor(parties)
        chosen = {}
        for field in fields_of(survivor):
            party = by_id.get(str(sent.get(f"choice-{field}", ""))) or suggested(field, survivor, parties)
            chosen[field] = party.pk
        rights = rights_of(viewer).in_hand(survivor.pk, [party.pk for party in parties if party != survivor])
        return cls(parties, survivor, chosen, rights)

    @property
    def others(self) -> list[Party]:
        """Return those that would be merged into the survivor."""
        return [party for party in self.parties if party.pk != self.survivor.pk]

    def heads(self) -> list[Row]:
        """Return the columns: each party with its numbers, and whether it stays."""
        return [{**head(party), "is_survivor": party.pk == self.survivor.pk} for party in self.parties]

    def lines(self) -> list[Row]:
        """Return the fields that at least one party has, those that differ first."""
        found = [self._line(field) for field in fields_of(self.survivor)]
        shown = [line for line in found if any(cell["text"] for cell in line["cells"])]
        return sorted(shown, key=lambda line: line["is_same"])

    def _line(self, field: str) -> Row:
        texts = [shown(party, field, self.rights) for party in self.parties]
        values = {party.as_json(field) for party in self.parties if party.as_json(field)}
        return {
            "field": field,
            "label": str(Party._meta.get_field(field).verbose_name),  # type: ignore[union-attr]
            "is_same": len(values) < 2 and all(texts),
            "is_telling": field in TELLING and len(values) > 1,
            "cells": [
                {"party_id": party.pk, "text": text, "is_chosen": self.chosen[field] == party.pk, "key": place + 1}
                for place, (party, text) in enumerate(zip(self.parties, texts, strict=True))
            ],
        }

    def result(self) -> Row:
        """Return what the survivor would look like, and how much history would come together."""
        by_id = {party.pk: party for party in self.parties}
        values = {field: shown(by_id[pk], field, self.rights) for field, pk in self.chosen.items()}
        names = [values[field] for field in ("family_name", "given_name", "middle_name") if values.get(field)]
        form = values.get("legal_form", "")
        numbers = [number for party in self.parties for number in numbers_of(party)]
        return {
            "title": title_of(values.get("name") or " ".join(names), numbers, self.survivor.pk, form),
            "facts": [
                {"label": str(Party._meta.get_field(field).verbose_name), "text": values[field]}  # type: ignore[union-attr]
                for field in fields_of(self.survivor)
                if values[field] and field not in LONGER_SAYS_MORE | {"legal_form"}
            ],
            "numbers": numbers,
            "media": list(dict.fromkeys(one.value for party in self.parties for one in media_of(party))),
            "history": self._history(),
            "is_doubtful": any(line["is_telling"] for line in self.lines()),
        }

    def _history(self) -> list[Row]:
        sizes = history_sizes(self.rights, [party.pk for party in self.parties])
        return [
            {"name": HISTORY[name], "total": sum(counts.values()), "parts": [counts.get(p.pk, 0) for p in self.parties]}
            for name, counts in sizes.items()
        ]


def fields_of(party: Party) -> tuple[str, ...]:
    """Return the fields that are compared."""
    return PERSON if party.is_person else COMPANY


def suggested(field: str, survivor: Party, parties: Iterable[Party]) -> Party:
    """Return whose value suggests itself: the survivor's own, unless it is empty or another's name says more."""
    best = survivor
    for party in parties:
        theirs, ours = party.as_json(field), best.as_json(field)
        if theirs and (not ours or (field in LONGER_SAYS_MORE and says_more(str(theirs), str(ours)))):
            best = party
    return best


def says_more(one: str, other: str) -> bool:
    """Tell whether a name is the other one written out: О. and Ольга, Анна and Анна-Мария."""
    short = other.rstrip(".").casefold()
    return len(one) > len(other) and one.casefold().startswith(short)


def shown(party: Party, field: str, rights: Rights) -> str:
    """Return a field's value in words; what the viewer may not see in full shows as elsewhere."""
    if field == "birth_date" and party.birth_date:
        if sees_personal(rights, party):
            return date_format(party.birth_date, "SHORT_DATE_FORMAT")
        return f"••.••.{party.birth_date.year}"
    if field == "home_area":
        return str(party.home_area or "")
    if field == "gender":
        return label(Party.Gender, party.gender) if party.gender else ""
    if field == "language":
        return str(LANGUAGES.get(party.language, party.language))
    return str(getattr(party, field) or "")


def numbers_of(party: Party) -> list[str]:
    """Return the customer numbers of a party, which all live on."""
    return [role.number for role in party.roles.all() if role.number]


def media_of(party: Party) -> list[Any]:
    """Return the ways to reach a party now."""
    return [medium for medium in party.media.all() if medium.valid_to is None]


def named(party: Party) -> Row:
    """Return what a card is called, and its number."""
    form = "" if party.is_person else party.legal_form
    return {"id": party.pk, "title": title_of(party.name, numbers_of(party), party.pk, form)}


def head(party: Party) -> Row:
    """Return how a party is called in a comparison: name, roles, numbers, since when we know it."""
    roles = [label(PartyRole.Kind, role.kind) for role in party.roles.all() if role.valid_to is None]
    return {
        **named(party),
        "is_company": not party.is_person,
        "roles": roles or [_("no role")],
        "numbers": numbers_of(party),
        "media": [medium.value for medium in media_of(party)],
        "created_at": party.created_at,
    }
