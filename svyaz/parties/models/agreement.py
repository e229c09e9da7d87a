"""Agreements: the contracts that accounts and products stand under."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from svyaz.access.queries import PartyScopedQuerySet
from svyaz.lib.periods import period_is_forward
from svyaz.parties.models.party import Party
from svyaz.parties.permissions import PartyPermission


class AgreementQuerySet(PartyScopedQuerySet["Agreement"]):
    """Agreements, seen from their subscriber."""

    permission = PartyPermission.READ


class Agreement(models.Model):
    """A contract: number, subscriber, period, who signed; branches stand under a parent."""

    class Kind(models.TextChoices):
        SERVICE = "service", _("telecom services")
        SUPPLY = "supply", _("supply")
        DEALER = "dealer", _("dealership")
        FRAMEWORK = "framework", _("framework")

    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="agreements")
    number = models.CharField(_("contract"), max_length=40)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.SERVICE)
    term = models.CharField(_("term"), max_length=40, blank=True)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="branches")
    signed_by = models.CharField(_("signed by"), max_length=200, blank=True)
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("until"), null=True, blank=True)

    objects: ClassVar[Any] = AgreementQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            period_is_forward("agreement_period_is_forward"),
            models.UniqueConstraint(fields=["number"], condition=~Q(number=""), name="agreement_number_once"),
        ]

    def __str__(self) -> str:
        return self.number or self.term


class AgreementParty(models.Model):
    """A further party to an agreement, in a role, for a period: payer, guarantor, former subscriber."""

    class Role(models.TextChoices):
        SUBSCRIBER = "subscriber", _("subscriber")
        PAYER = "payer", _("payer")
        USER = "user", _("user")
        GUARANTOR = "guarantor", _("guarantor")

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="parties")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=10, choices=Role)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            period_is_forward("agreement_party_period_is_forward"),
            models.UniqueConstraint(
                fields=["agreement", "role"], condition=Q(valid_to__isnull=True), name="agreement_party_role_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agreement}: {self.get_role_display()}"
