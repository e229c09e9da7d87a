"""The tables of the load, parents before children: in this order their rows are written."""

from django.db import models

from svyaz.billing.models import (
    AccountBlock,
    AccountProduct,
    Adjustment,
    Bill,
    BillingAccount,
    Payment,
    PaymentAllocation,
    PaymentPromise,
)
from svyaz.decisions.models import (
    Approval,
    Decision,
    Ground,
    Outcome,
    Promise,
    PromiseResult,
    RejectedOption,
    Sighting,
)
from svyaz.interactions.models import Interaction, InteractionProduct, Participant
from svyaz.markets.models import CompetitorOffer
from svyaz.parties.models import (
    AddressUse,
    Agreement,
    Consent,
    ContactMedium,
    CustomerFactor,
    Household,
    HouseholdMember,
    Identification,
    Party,
    PartyRelationship,
    PartyRole,
    Preference,
)
from svyaz.places.models import Address
from svyaz.services.models import NumberAssignment, Product, ProductOffering, Usage
from svyaz.workforce.models import (
    AccountAssignment,
    Department,
    Employee,
    EmployeeSkill,
    Membership,
    Presence,
    Skill,
)

Tables = tuple[type[models.Model], ...]

OF_OPERATOR: Tables = (
    Skill, Department, Employee, Membership, EmployeeSkill, Presence, ProductOffering, ProductOffering.parts.through,
    Party, PartyRole,
)  # fmt: skip
OF_CUSTOMERS: Tables = (
    Address, ContactMedium, AddressUse, Agreement, Identification, Preference, Consent, CustomerFactor, Household,
    HouseholdMember, PartyRelationship, AccountAssignment, Product, NumberAssignment, Usage, BillingAccount,
    AccountProduct, AccountBlock, Bill, Adjustment, Payment, PaymentAllocation, PaymentPromise, Interaction,
    InteractionProduct, Participant, Decision, Ground, RejectedOption, Approval, Promise, PromiseResult, Sighting,
    Outcome, CompetitorOffer,
)  # fmt: skip
