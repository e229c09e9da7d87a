"""Competitors, and what they offer to our customers."""

from datetime import date
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from svyaz.access.queries import PartyScopedQuerySet
from svyaz.decisions.models import Decision
from svyaz.interactions.models import Interaction
from svyaz.markets.permissions import MarketPermission
from svyaz.parties.models import Party
from svyaz.services.models import ProductOffering


class CompetitorOfferQuerySet(PartyScopedQuerySet["CompetitorOffer"]):
    """Offers of competitors to our customers."""

    permission = MarketPermission.READ

    def standing(self, day: date) -> Self:
        """Return offers that still stand on a day."""
        return self.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=day), result="")


class CompetitorOffer(models.Model):
    """What a competitor offered to one customer: service, price, term, gift, source, our answer and what came of it."""

    class Source(models.TextChoices):
        CUSTOMER = "customer", _("from the customer's words")
        DOCUMENT = "document", _("seen in writing")
        PUBLIC = "public", _("from public advertising")
        EMPLOYEE = "employee", _("from a colleague")

    class Reliability(models.TextChoices):
        HIGH = "high", _("sure")
        MEDIUM = "medium", _("likely")
        LOW = "low", _("doubtful")

    class Result(models.TextChoices):
        OPEN = "", _("open")
        STAYED = "stayed", _("stayed with us")
        LEFT = "left", _("went to the competitor")
        WITHDRAWN = "withdrawn", _("offer withdrawn")

    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+", db_index=False)
    competitor = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+", verbose_name=_("competitor"))
    service_kind = models.CharField(_("service"), max_length=12, choices=ProductOffering.Kind)
    title = models.CharField(_("what is offered"), max_length=200, blank=True)
    price = models.DecimalField(_("price a month"), max_digits=14, decimal_places=2, null=True, blank=True)
    currency = models.CharField(max_length=3, default="RUB")
    months = models.PositiveSmallIntegerField(_("for months"), null=True, blank=True)
    terms = models.CharField(_("terms"), max_length=300, blank=True)
    gift = models.CharField(_("gift"), max_length=200, blank=True)
    heard_date = models.DateField(_("heard on"))
    interaction = models.ForeignKey(
        Interaction, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    source = models.CharField(_("source"), max_length=10, choices=Source, default=Source.CUSTOMER)
    reliability = models.CharField(_("reliability"), max_length=6, choices=Reliability, default=Reliability.MEDIUM)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    answer = models.ForeignKey(
        Decision, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("our answer")
    )
    result = models.CharField(_("result"), max_length=9, choices=Result, blank=True)

    objects: ClassVar[Any] = CompetitorOfferQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="competitor_offer_price_not_negative", condition=Q(price__isnull=True) | Q(price__gte=0)
            ),
            models.CheckConstraint(name="competitor_offer_not_to_itself", condition=~Q(party=models.F("competitor"))),
        ]
        indexes: ClassVar = [models.Index(fields=["party", "-heard_date"], name="competitor_offer_of_party")]

    def __str__(self) -> str:
        return self.title or self.get_service_kind_display()
