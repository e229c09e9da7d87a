"""What happens to parties."""

from enum import StrEnum


class PartyEvent(StrEnum):
    """Changes of parties and of what belongs to them."""

    CREATED = "party.created"
    CHANGED = "party.changed"
    IMPORTED = "party.imported"
    ROLE_GIVEN = "party_role.given"
    ROLE_ENDED = "party_role.ended"
    MEDIUM_ADDED = "contact_medium.added"
    MEDIUM_ENDED = "contact_medium.ended"
    RELATED = "party.related"
    ADDRESS_ADDED = "party.address_added"
    IDENTIFICATION_ADDED = "identification.added"
    IDENTIFICATION_UNMASKED = "identification.unmasked"
    PREFERENCE_SAVED = "preference.saved"
    CONSENT_GIVEN = "consent.given"
    CONSENT_WITHDRAWN = "consent.withdrawn"
    FACTOR_SAVED = "customer_factor.saved"
    AGREEMENT_SIGNED = "agreement.signed"
    HOUSEHOLD_JOINED = "household.joined"
    SCORED = "party.scored"
