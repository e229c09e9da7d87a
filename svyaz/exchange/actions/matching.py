"""By what a row of a file is found to be a customer that is there already: keys that can be chosen, and more added."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from svyaz.exchange.actions.drafts import Draft
from svyaz.exchange.queries import parties_by
from svyaz.lib.crypto import fingerprint
from svyaz.lib.text import code_key, name_key

# Candidates of one row: the ids of canonical parties.
Candidates = frozenset[int]


class UnknownKey(ValueError):
    """No matching key has this name."""


class MatchingKey(Protocol):
    """A way to find whom a row means.

    `is_exact` says that it rests on an identifier, which opens a customer of any area; what rests on likeness (a twin
    search) finds only within the importer's areas. It registers itself by `register_key`.
    """

    @property
    def code(self) -> str:
        """Return its name in mappings and addresses."""

    @property
    def label(self) -> str | Promise:
        """Return its words."""

    @property
    def is_exact(self) -> bool:
        """Tell whether it rests on an identifier."""

    def tokens(self, draft: Draft) -> list[str]:
        """Return values by which two rows of one file are the same customer; none where that cannot be told."""

    def find(self, drafts: Sequence[Draft]) -> Mapping[int, Candidates]:
        """Return for the line of each draft whom it may mean; a line without candidates is left out."""


KEYS: dict[str, MatchingKey] = {}


def register_key(key: MatchingKey) -> MatchingKey:
    """Add a key to those that can be chosen."""
    KEYS[key.code] = key
    return key


def keys_named(codes: Iterable[str]) -> tuple[MatchingKey, ...]:
    """Return the chosen keys in their order; raise UnknownKey."""
    try:
        return tuple(KEYS[code] for code in codes)
    except KeyError as error:
        known = ", ".join(KEYS)
        raise UnknownKey(
            _("unknown: {unknown}; known are {known}").format(unknown=error.args[0], known=known)
        ) from None


@dataclass(frozen=True)
class ExactKey:
    """A key that finds a party by a value which the base keeps normalized and indexed."""

    code: str
    label: str | Promise
    values: Callable[[Draft], list[str]]
    is_exact: bool = True

    def tokens(self, draft: Draft) -> list[str]:
        """Return the values themselves."""
        return [f"{self.code}:{value}" for value in self.values(draft)]

    def find(self, drafts: Sequence[Draft]) -> Mapping[int, Candidates]:
        """Ask the base once for all rows."""
        wanted = {draft.line: self.values(draft) for draft in drafts}
        holders = parties_by(self.code, {value for values in wanted.values() for value in values})
        found: dict[int, set[int]] = defaultdict(set)
        for line, values in wanted.items():
            for value in values:
                found[line] |= holders.get(value, set())
        return {line: frozenset(ids) for line, ids in found.items() if ids}


def _number(draft: Draft) -> list[str]:
    return [draft.values["number"]] if "number" in draft.values else []


def _inn(draft: Draft) -> list[str]:
    return [f"{draft.values['inn']}/{draft.values.get('kpp', '')}"] if "inn" in draft.values else []


def _phone(draft: Draft) -> list[str]:
    return [value for _kind, value in draft.values.get("phone", ())]


def _email(draft: Draft) -> list[str]:
    return [value for _kind, value in draft.values.get("email", ())]


def _document(draft: Draft) -> list[str]:
    return [fingerprint(code_key(number)) for _kind, number in documents_of(draft)]


def documents_of(draft: Draft) -> list[tuple[str, str]]:
    """Return the documents that a row names, each with its kind."""
    return [pair for name in ("passport", "snils") for pair in draft.values.get(name, ())]


def _agreement(draft: Draft) -> list[str]:
    return [draft.values[name] for name in ("agreement",) if name in draft.values]


def _named_and_born(draft: Draft) -> list[str]:
    values = draft.values
    if "birth_date" not in values or not values.get("name"):
        return []
    return [f"{values['birth_date'].isoformat()} {name_key(values['name'])}"]


for _key in (
    ExactKey("number", gettext_lazy("customer number"), _number),
    ExactKey("agreement", gettext_lazy("contract"), _agreement),
    ExactKey("inn", gettext_lazy("INN and KPP"), _inn),
    ExactKey("document", gettext_lazy("document"), _document),
    ExactKey("phone", gettext_lazy("phone"), _phone),
    ExactKey("email", gettext_lazy("e-mail"), _email),
    # A name is no identifier: it finds within one's areas only.
    ExactKey("name_birth", gettext_lazy("name and birth date"), _named_and_born, is_exact=False),
):
    register_key(_key)


@dataclass(frozen=True)
class Match:
    """Whom a row means, by which key; several: nobody can tell."""

    candidates: Candidates
    key: MatchingKey


def matches_of(drafts: Sequence[Draft], keys: Sequence[MatchingKey]) -> tuple[dict[int, Match], dict[int, str]]:
    """Return per line whom it means, and per line why its keys contradict each other.

    A later key narrows what an earlier one found; two keys that have nobody in common are a contradiction.
    """
    found: dict[int, Match] = {}
    contradictions: dict[int, str] = {}
    for key in keys if drafts else ():
        for line, candidates in key.find(drafts).items():
            before = found.get(line)
            if before is None:
                found[line] = Match(candidates, key)
            elif common := before.candidates & candidates:
                found[line] = Match(common, before.key)
            else:
                reason = _("{first} and {second} belong to different customers")
                contradictions[line] = reason.format(first=before.key.label, second=key.label)
    return found, contradictions
