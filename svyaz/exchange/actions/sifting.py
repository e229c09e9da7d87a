"""What is to become of each row: new, a change, known already, left out, or bad; decided for many rows at once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from svyaz.exchange.actions.drafts import Draft
from svyaz.exchange.actions.matching import Match, MatchingKey, matches_of
from svyaz.exchange.actions.outcomes import claimed_before, repeated_with_other_content
from svyaz.exchange.models import Import
from svyaz.exchange.queries import Claim, Holder, areas_of, as_holders, holders, known_rows

NEW, CHANGE, KNOWN, SKIP, BAD, LATER = "new", "change", "known", "skip", "bad", "later"


@dataclass(frozen=True)
class Policy:
    """What the importer wants done, and in which areas he may do it (None: everywhere)."""

    keys: tuple[str, ...] = ()
    matched: str = Import.Matched.REFUSE
    unmatched: str = Import.Unmatched.CREATE
    areas: frozenset[int] | None = None

    def reaches(self, area_id: int | None) -> bool:
        """Tell whether an area is one of the importer's; what has none is everyone's."""
        return self.areas is None or area_id is None or area_id in self.areas


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of one row, of whom, and why."""

    draft: Draft
    verdict: str
    holder: Holder | None = None
    key: str = ""  # what found the party; empty: the row itself was known
    is_beyond: bool = False  # an exact identifier opened a party outside the importer's areas
    reasons: tuple[tuple[str, str], ...] = ()


@dataclass
class _Here:
    """What the rows further up in the same chunk will bring, which the base cannot tell yet."""

    keys: dict[str, Draft] = field(default_factory=dict)
    claims: dict[Claim, int] = field(default_factory=dict)
    tokens: set[str] = field(default_factory=set)
    parties: set[int] = field(default_factory=set)

    def take(self, decision: Decision, tokens: Iterable[str]) -> bool:
        """Remember a row that will be written; not a second one of the same party: it waits for the first."""
        if decision.holder is not None:
            if decision.holder.party_id in self.parties:
                return False
            self.parties.add(decision.holder.party_id)
        draft = decision.draft
        self.keys[draft.key] = draft
        self.claims.update(dict.fromkeys(draft.claims(), draft.line))
        self.tokens.update(tokens)
        return True


@dataclass
class Sieve:
    """Sifts the rows of one import.

    `in_waves`: a row that an earlier one of the chunk decides about is left for the next call, when that is written.
    Without, each row is weighed against the base alone.
    """

    source: str
    policy: Policy
    keys: Sequence[MatchingKey]
    in_waves: bool = True

    def sift(self, drafts: Sequence[Draft]) -> list[Decision]:
        """Decide for all rows, with a fixed number of questions to the base."""
        known = known_rows(self.source, [draft.key for draft in drafts])
        news = [draft for draft in drafts if not _is_known(draft, known)]
        matches, contradictions = matches_of([draft for draft in news if draft.key not in known], self.keys)
        taken = holders(claim for draft in news for claim in draft.claims())
        wanted = {party_id for match in matches.values() for party_id in match.candidates}
        self._names = as_holders(wanted)
        self._areas = areas_of(wanted | {holder.party_id for _digest, holder in known.values()})
        here = _Here()
        return [
            self._decide(
                draft, known, matches.get(draft.line), contradictions, taken, here if self.in_waves else _Here()
            )
            for draft in drafts
        ]  # fmt: skip

    def _decide(
        self, draft: Draft, known: dict[str, tuple[bytes, Holder]], match: Match | None, contradictions: dict[int, str],
        taken: dict[Claim, Holder], here: _Here,
    ) -> Decision:  # fmt: skip
        if _is_known(draft, known):
            return Decision(draft, KNOWN, known[draft.key][1])
        tokens = [token for key in self.keys for token in key.tokens(draft)]
        if again := self._again(draft, tokens, here):
            return again
        holder, key, reason = self._who(draft, known, match)
        reason = contradictions.get(draft.line, reason)
        if reason:
            return Decision(draft, BAD, holder, key, reasons=(("", reason),))
        if reasons := self._clashes(draft, holder, taken, here):
            return Decision(draft, BAD, holder, key, reasons=tuple(reasons))
        decision = self._by_policy(draft, holder, key)
        if decision.verdict in {NEW, CHANGE} and not here.take(decision, tokens):
            return Decision(draft, LATER)
        return decision

    def _again(self, draft: Draft, tokens: Iterable[str], here: _Here) -> Decision | None:
        """Decide for a row whose customer stands further up in the chunk."""
        above = here.keys.get(draft.key)
        if above is not None and above.digest == draft.digest:
            return Decision(draft, KNOWN)
        if not here.tokens.isdisjoint(tokens):
            return Decision(draft, LATER)
        if above is None:
            return None
        if self.policy.matched != Import.Matched.REFUSE:
            return Decision(draft, LATER)
        return Decision(draft, BAD, reasons=(("", repeated_with_other_content(above.line)),))

    def _who(
        self, draft: Draft, known: dict[str, tuple[bytes, Holder]], match: Match | None
    ) -> tuple[Holder | None, str, str]:
        """Return whom a row means, the key that found him, and why that cannot be used."""
        if draft.key in known:
            return known[draft.key][1], "", ""
        if match is None:
            return None, "", ""
        within = {each for each in match.candidates if match.key.is_exact or self.policy.reaches(self._areas.get(each))}
        if not within:
            return None, "", ""
        if len(within) > 1:
            numbers = sorted(self._named(self._names[each]) for each in within)
            reason = _("{key}: several customers have it: {numbers}")
            return None, match.key.code, reason.format(key=match.key.label, numbers=", ".join(numbers[:5]))
        return self._names[within.pop()], match.key.code, ""

    def _named(self, holder: Holder) -> str:
        if self.policy.reaches(self._areas.get(holder.party_id)):
            return holder.number
        return _("a customer of another area")

    def _clashes(
        self, draft: Draft, holder: Holder | None, taken: dict[Claim, Holder], here: _Here
    ) -> list[tuple[str, str]]:
        reasons = []
        for claim in draft.claims():
            other = taken.get(claim)
            if other is not None and (holder is None or other.party_id != holder.party_id):
                reason = _("already in the base as number {number}")
                reasons.append((claim[0], reason.format(number=self._number_of(other))))
            elif other is None and claim[0] == "number" and holder is not None and not holder.number.startswith("#"):
                reason = _("in the base this customer has the number {number}")
                reasons.append(("number", reason.format(number=self._named(holder))))
            elif other is None and claim in here.claims:
                reasons.append((claim[0], claimed_before(here.claims[claim])))
        return reasons

    def _number_of(self, holder: Holder) -> str:
        if self.policy.areas is None:
            return holder.number
        self._areas.update(areas_of([holder.party_id]))
        return self._named(holder)

    def _by_policy(self, draft: Draft, holder: Holder | None, key: str) -> Decision:
        policy = self.policy
        if holder is None:
            if policy.unmatched == Import.Unmatched.SKIP:
                return Decision(draft, SKIP)
            if not policy.reaches(draft.values.get("area")) or (
                policy.areas is not None and "area" not in draft.values
            ):
                return Decision(draft, BAD, reasons=(("area", _("not an area in which you may import")),))
            return Decision(draft, NEW)
        if policy.matched == Import.Matched.SKIP:
            return Decision(draft, SKIP, holder, key)
        if policy.matched == Import.Matched.REFUSE:
            reason = _("already in the base as number {number}, with other content; left as it is there")
            return Decision(draft, BAD, holder, key, reasons=(("", reason.format(number=self._named(holder))),))
        is_beyond = not policy.reaches(self._areas.get(holder.party_id))
        return Decision(draft, CHANGE, holder, key, is_beyond)


def _is_known(draft: Draft, known: dict[str, tuple[bytes, Holder]]) -> bool:
    return draft.key in known and known[draft.key][0] == draft.digest
