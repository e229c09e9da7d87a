"""Merging parties that are one, and taking it back. A merge is a link: no row is moved, none is deleted."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from svyaz.history.actions import record
from svyaz.parties.actions.checks import InvalidField, fits, required
from svyaz.parties.actions.create import PartyAlreadyExists, change_party, changeable_values, fields_of
from svyaz.parties.actions.relations import refuse_company_above_itself
from svyaz.parties.events import PartyEvent
from svyaz.parties.models import Merge, Party, PartyRole
from svyaz.places.models import Area
from svyaz.users.models import User


class MergedIntoItself(Exception):
    """A party cannot be merged into itself."""


class MergedAlready(Exception):
    """The party counts as another already: merge that one, or undo first."""


class DifferentKinds(Exception):
    """A person and a company are never one party."""


class DifferentINN(Exception):
    """Two INNs are two taxpayers: if one was typed wrongly, it is to be corrected first."""


class CustomerMustSurvive(Exception):
    """Where one of them is a customer, a customer stays: lists of customers show survivors by their own role."""


class MergeAlreadyUndone(Exception):
    """The merge was undone before."""


class TakenMeanwhile(Exception):
    """Undoing would give back an INN and KPP that another company was given meanwhile."""


@transaction.atomic
def merge_parties(
    *, survivor: Party, merged: Sequence[Party], reason: str, by: User | None, at: datetime,
    chosen: Mapping[str, int] | None = None,
) -> list[Merge]:  # fmt: skip
    """Count one or more parties as the survivor from now on; return a merge for each.

    `chosen` names, for fields that the survivor shall take over, the merged party (its id) whose value it takes.
    Raises MergedIntoItself, MergedAlready, DifferentKinds, DifferentINN, CustomerMustSurvive, CompanyAboveItself,
    InvalidField; then nothing is merged. Of two merges of the same parties at once the second finds what the first
    has done.
    """
    ids = [party.pk for party in merged]
    if survivor.pk in ids or len(set(ids)) < len(ids) or not ids:
        raise MergedIntoItself(survivor)
    sources = _checked_choice(dict(chosen or {}), survivor, ids)
    locked = _locked([survivor.pk, *ids])
    survivor = locked[survivor.pk]
    others = [locked[pk] for pk in ids]
    _check_fit(survivor, others)
    for other in others:
        other.merged_into = survivor
        other.canonical = survivor
        other.save(update_fields=["merged_into", "canonical"])
    _derive_canonical(survivor.pk)
    if not survivor.is_person:
        refuse_company_above_itself(survivor.pk)
    return [
        _merge(survivor, other, [field for field, pk in sources.items() if pk == other.pk], reason, by=by, at=at)
        for other in others
    ]


def _checked_choice(chosen: dict[str, int], survivor: Party, ids: Iterable[int]) -> dict[str, int]:
    """Return the fields that change hands; refuse what no party of this kind has, and values of a third party."""
    for field, pk in chosen.items():
        if field not in fields_of(survivor):
            raise InvalidField("chosen", field, "unknown")
        if pk not in {survivor.pk, *ids}:
            raise InvalidField("chosen", str(pk), "unknown")
    return {field: pk for field, pk in chosen.items() if pk != survivor.pk}


def _check_fit(survivor: Party, others: Sequence[Party]) -> None:
    for party in (survivor, *others):
        if party.merged_into_id is not None:
            raise MergedAlready(party)
        if party.kind != survivor.kind:
            raise DifferentKinds(survivor, party)
    customers = PartyRole.objects.customers().filter(party__in=[survivor, *others]).values_list("party", flat=True)
    if survivor.pk not in (known := set(customers)) and known:
        raise CustomerMustSurvive(survivor)
    if len({party.inn for party in (survivor, *others) if party.inn}) > 1:
        raise DifferentINN(survivor)


def _merge(
    survivor: Party, other: Party, fields: Sequence[str], reason: str, *, by: User | None, at: datetime
) -> Merge:  # fmt: skip
    """Write one merge with the values that the survivor takes over in it: an ordinary change, kept to be undone."""
    before = changeable_values(survivor)
    if fields:
        change_party(party=survivor, changes={name: getattr(other, name) for name in fields}, by=by, at=at)
        survivor.refresh_from_db()
    after = changeable_values(survivor)
    changed = sorted(name for name in fields_of(survivor) if after[name] != before[name])
    chosen = {name: {"former": before[name], "chosen": after[name]} for name in changed}
    merge = Merge(survivor=survivor, merged=other, chosen=chosen, reason=required("reason", reason), by=by, at=at)
    fits(merge, "reason")
    merge.save()
    record(
        PartyEvent.MERGED, subject=merge, party_id=survivor.pk, by=by, at=at,
        merged=other.pk, merged_name=other.name, reason=merge.reason, chosen=changed,
    )  # fmt: skip
    return merge


@transaction.atomic
def undo_merge(*, merge: Merge, by: User | None, at: datetime, reason: str = "") -> Merge:
    """Part two parties that were merged; what was written since stays with the party it was written for.

    The survivor gets back the values it had, but for those that were changed again since: `kept` names them.
    Raises MergeAlreadyUndone, TakenMeanwhile.
    """
    locked = _locked([merge.survivor_id, merge.merged_id])
    merge = Merge.objects.select_for_update().get(pk=merge.pk)
    if merge.undone_at is not None:
        raise MergeAlreadyUndone(merge)
    survivor, merged = locked[merge.survivor_id], locked[merge.merged_id]
    try:
        merge.kept = _give_back(merge, survivor, by=by, at=at)
    except PartyAlreadyExists as error:
        raise TakenMeanwhile(*error.args) from error
    _part(merged)
    _derive_canonical(_root_of(survivor.pk))
    _derive_canonical(merged.pk)
    merge.undone_by, merge.undone_at, merge.undo_reason = by, at, " ".join(reason.split())
    fits(merge, "undo_reason")
    merge.save(update_fields=["kept", "undone_by", "undone_at", "undo_reason"])
    record(
        PartyEvent.UNMERGED, subject=merge, party_id=survivor.pk, by=by, at=at,
        merged=merged.pk, merged_name=merged.name, reason=merge.undo_reason, kept=merge.kept,
    )  # fmt: skip
    return merge


def _part(merged: Party) -> None:
    """Take a party out of another, unless its INN and KPP have become somebody else's meanwhile."""
    taken = Party.objects.canonical().filter(inn=merged.inn, kpp=merged.kpp).exclude(pk=merged.pk)
    if merged.inn and taken.exists():
        raise TakenMeanwhile(merged.inn, merged.kpp)
    merged.merged_into = merged.canonical = None
    merged.save(update_fields=["merged_into", "canonical"])


def _give_back(merge: Merge, survivor: Party, *, by: User | None, at: datetime) -> list[str]:
    """Give the survivor its former values back; return the fields that were changed again and stay.

    Where a later merge took over the field once more, it is that one whose undoing gives back the former value.
    """
    later = list(Merge.objects.standing().select_for_update().filter(survivor=survivor, pk__gt=merge.pk).order_by("pk"))
    now, kept = changeable_values(survivor), []
    changes: dict[str, Any] = {}
    for field, values in merge.chosen.items():
        following = next((other for other in later if field in other.chosen), None)
        if following is not None and following.chosen[field]["former"] == values["chosen"]:
            following.chosen[field]["former"] = values["former"]
            following.save(update_fields=["chosen"])
        elif following is None and now[field] == values["chosen"]:
            changes[field] = _value(field, values["former"])
        else:
            kept.append(field)
    if changes:
        change_party(party=survivor, changes=changes, by=by, at=at)
    return sorted(kept)


def _value(field: str, kept: Any) -> Any:
    """Return a value as a party's field holds it from the JSON that a merge keeps."""
    if field == "birth_date":
        return date.fromisoformat(kept) if kept else None
    if field == "home_area":
        return Area.objects.get(pk=kept) if kept else None
    return kept


def _locked(ids: Iterable[int]) -> dict[int, Party]:
    """Lock all that are one party with any of these, in the order of their ids; return them.

    Merges and undos of the same parties so come one after another. What was joined while this one waited for its
    locks is locked with the next try; leaving the inner block by rolling it back gives the first locks back.
    """
    wanted = list(ids)
    while True:
        with transaction.atomic():
            members = _component(wanted)
            rows = Party.objects.select_for_update(no_key=True).filter(pk__in=members).order_by("pk")
            locked = {party.pk: party for party in rows}
            if _component(wanted) == locked.keys():
                return locked
            transaction.set_rollback(True)


def _component(ids: Iterable[int]) -> set[int]:
    """Return the ids of all that are one party with any of these, as `merged_into` tells it."""
    found = {_root_of(pk) for pk in ids}
    level = set(found)
    while level:
        level = set(Party.objects.filter(merged_into__in=level).values_list("pk", flat=True)) - found
        found |= level
    return found


def _root_of(pk: int) -> int:
    """Return the party that a party's chain of merges ends in."""
    while (into := Party.objects.filter(pk=pk).values_list("merged_into_id", flat=True).first()) is not None:
        pk = into
    return pk


def _derive_canonical(root: int) -> None:
    """Derive anew, for a party that was not merged and all below it, whom they count as."""
    component = _component([root])
    canonical = root if len(component) > 1 else None
    Party.objects.filter(pk__in=component).update(canonical=canonical)
