"""How parties belong together."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from svyaz.access.queries import PartyScopedQuerySet
from svyaz.lib.periods import period_is_forward
from svyaz.parties.models.party import Party
from svyaz.parties.permissions import PartyPermission
from svyaz.places.models import Address


class PartyRelationshipQuerySet(PartyScopedQuerySet["PartyRelationship"]):
    """Relationships, seen from the party they stand on."""

    permission = PartyPermission.READ


class PartyRelationship(models.Model):
    """`other` is contact person of, payer for, family of, parent of or representative of `party`, for a period."""

    class Kind(models.TextChoices):
        CONTACT_PERSON = "contact_person", _("contact person")
        PAYER = "payer", _("payer")
        FAMILY = "family", _("family")
        PARENT_COMPANY = "parent_company", _("parent company")
        REPRESENTATIVE = "representative", _("authorised representative")

    class DecisionPower(models.TextChoices):
        DECIDES = "decides", _("decides")
        INFLUENCES = "influences", _("influences")
        USES = "uses", _("uses")
        NONE = "", _("not known")

    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="relationships")
    other = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("relationship"), max_length=16, choices=Kind)
    title = models.CharField(_("position or kinship"), max_length=120, blank=True)
    decision_power = models.CharField(_("decision power"), max_length=10, choices=DecisionPower, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    objects: ClassVar[Any] = PartyRelationshipQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            period_is_forward("party_relationship_period_is_forward"),
            models.CheckConstraint(name="party_relationship_of_two", condition=~Q(party=F("other"))),
            models.UniqueConstraint(
                fields=["party", "other", "kind"],
                condition=Q(valid_to__isnull=True),
                name="party_relationship_once_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.other_id} {self.get_kind_display()} {self.party_id}"


class Household(models.Model):
    """People who share an address, a payer or services."""

    name = models.CharField(_("name"), max_length=200)
    address = models.ForeignKey(Address, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    def __str__(self) -> str:
        return self.name


class HouseholdMemberQuerySet(PartyScopedQuerySet["HouseholdMember"]):
    """Members of households."""

    permission = PartyPermission.READ


class HouseholdMember(models.Model):
    """A person belongs to a household for a period."""

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="members")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="households")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    objects: ClassVar[Any] = HouseholdMemberQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            period_is_forward("household_member_period_is_forward"),
            models.UniqueConstraint(
                fields=["household", "party"],
                condition=Q(valid_to__isnull=True),
                name="household_member_once_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.household}: {self.party_id}"
