"""The nouns of the Customer block."""

from svyaz.parties.models.agreement import Agreement, AgreementParty
from svyaz.parties.models.medium import AddressUse, ContactMedium
from svyaz.parties.models.merge import Merge
from svyaz.parties.models.party import FormerTier, Party, PartyQuerySet, PartyRole, PartyRoleQuerySet
from svyaz.parties.models.person import Consent, CustomerFactor, Identification, Preference, Score
from svyaz.parties.models.relation import Household, HouseholdMember, PartyRelationship

__all__ = [
    "AddressUse",
    "Agreement",
    "AgreementParty",
    "Consent",
    "ContactMedium",
    "CustomerFactor",
    "FormerTier",
    "Household",
    "HouseholdMember",
    "Identification",
    "Merge",
    "Party",
    "PartyQuerySet",
    "PartyRelationship",
    "PartyRole",
    "PartyRoleQuerySet",
    "Preference",
    "Score",
]
