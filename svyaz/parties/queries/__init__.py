"""Opening relationships, finding a party by what identifies it, and warning of twins."""

from svyaz.parties.queries.identifiers import Identifier, find_by_identifier, identifiers_in, matches_of
from svyaz.parties.queries.relationship import (
    canonical_id_of,
    canonical_party,
    changes_of,
    group_of,
    groups_of,
    holding,
    ids_of,
    is_one_party,
    is_own,
    may_for_party,
    parties_by_id,
    relationship_rights,
    sees_personal,
    shown_birth_date,
)
from svyaz.parties.queries.twins import Newcomer, Twin, likely_twins

__all__ = [
    "Identifier",
    "Newcomer",
    "Twin",
    "canonical_id_of",
    "canonical_party",
    "changes_of",
    "find_by_identifier",
    "group_of",
    "groups_of",
    "holding",
    "identifiers_in",
    "ids_of",
    "is_one_party",
    "is_own",
    "likely_twins",
    "matches_of",
    "may_for_party",
    "parties_by_id",
    "relationship_rights",
    "sees_personal",
    "shown_birth_date",
]
