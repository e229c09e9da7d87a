"""What can be bought, what each customer has, its numbers and its use."""

from typing import Any, ClassVar, Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.contrib.postgres.fields.ranges import RangeBoundary
from django.db import models
from django.db.models import Func, Q
from django.utils.translation import gettext_lazy as _

from svyaz.access.queries import PartyScopedQuerySet, Viewer, rights_of
from svyaz.fields.models import own_index, own_values
from svyaz.lib.periods import period_is_forward
from svyaz.lib.text import local_name
from svyaz.parties.models import Agreement, Party
from svyaz.places.models import Address, Area
from svyaz.services.permissions import ServicePermission


class DateRange(Func):
    """daterange(from, to, '[)')."""

    function = "daterange"
    output_field = DateRangeField()


class OfferingQuerySet(models.QuerySet["ProductOffering"]):
    """Offerings."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Return the whole catalogue to who may read it."""
        return self if rights_of(viewer).may(ServicePermission.READ_CATALOG) else self.none()

    def on_sale(self) -> Self:
        """Return what can be bought today."""
        return self.filter(status=ProductOffering.Status.ACTIVE)


class ProductOffering(models.Model):
    """What can be bought: a tariff, a value-added service, equipment or a bundle of these, at a price."""

    class Kind(models.TextChoices):
        MOBILE = "mobile", _("mobile")
        FIXED_VOICE = "fixed_voice", _("fixed telephone")
        INTERNET = "internet", _("internet")
        TV = "tv", _("television")
        VAS = "vas", _("value-added service")
        IOT = "iot", _("internet of things")
        EQUIPMENT = "equipment", _("equipment")
        BUNDLE = "bundle", _("bundle")

    class Status(models.TextChoices):
        DRAFT = "draft", _("in preparation")
        ACTIVE = "active", _("on sale")
        RETIRED = "retired", _("no longer sold")

    code = models.SlugField(max_length=64, unique=True)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    name = models.CharField(_("name"), max_length=160)
    name_en = models.CharField(_("name in English"), max_length=160, blank=True)
    description = models.TextField(_("description"), blank=True)
    price = models.DecimalField(_("price a month"), max_digits=14, decimal_places=2, null=True, blank=True)
    currency = models.CharField(max_length=3, default="RUB")
    status = models.CharField(_("state"), max_length=8, choices=Status, default=Status.ACTIVE)
    areas = models.ManyToManyField(Area, blank=True, related_name="+")
    parts = models.ManyToManyField("self", blank=True, symmetrical=False, related_name="bundles")

    objects: ClassVar[Any] = OfferingQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="offering_price_not_negative", condition=Q(price__isnull=True) | Q(price__gte=0)
            )
        ]

    def __str__(self) -> str:
        return local_name(self.name, self.name_en)


class OfferingPrice(models.Model):
    """What an offering costs for a period (no price: by agreement); the one of today stands on the offering too."""

    offering = models.ForeignKey(ProductOffering, on_delete=models.PROTECT, related_name="prices")
    price = models.DecimalField(_("price a month"), max_digits=14, decimal_places=2, null=True, blank=True)
    currency = models.CharField(max_length=3, default="RUB")
    valid_from = models.DateField(_("since"), null=True)
    valid_to = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            period_is_forward("offering_price_period_is_forward"),
            models.CheckConstraint(
                name="offering_price_not_below_zero", condition=Q(price__isnull=True) | Q(price__gte=0)
            ),
            models.UniqueConstraint(
                fields=["offering"], condition=Q(valid_to__isnull=True), name="offering_price_one_open"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.offering}: {self.price}"


class ProductQuerySet(PartyScopedQuerySet["Product"]):
    """Products of parties."""

    permission = ServicePermission.READ

    def current(self) -> Self:
        """Return what has not ended."""
        return self.filter(valid_to__isnull=True)


class Product(models.Model):
    """An offering that a party has: under an agreement, since a day, at its price; user may be a third party."""

    class Status(models.TextChoices):
        PENDING = "pending", _("being connected")
        ACTIVE = "active", _("active")
        SUSPENDED = "suspended", _("suspended")
        TERMINATED = "terminated", _("ended")

    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+", db_index=False)
    offering = models.ForeignKey(ProductOffering, on_delete=models.PROTECT, related_name="products", db_index=False)
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    user = models.ForeignKey(
        Party,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("used by"),
    )
    address = models.ForeignKey(
        Address, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    status = models.CharField(_("state"), max_length=10, choices=Status, default=Status.ACTIVE)
    price = models.DecimalField(_("price a month"), max_digits=14, decimal_places=2, null=True, blank=True)
    currency = models.CharField(max_length=3, default="RUB")
    characteristics = models.JSONField(default=dict, blank=True)
    own = own_values()
    valid_from = models.DateField(_("since"), null=True)
    valid_to = models.DateField(_("until"), null=True, blank=True)

    objects: ClassVar[Any] = ProductQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            period_is_forward("product_period_is_forward"),
            models.CheckConstraint(
                name="product_price_not_negative", condition=Q(price__isnull=True) | Q(price__gte=0)
            ),
            models.CheckConstraint(
                name="product_terminated_has_end",
                condition=Q(status="terminated", valid_to__isnull=False)
                | (~Q(status="terminated") & Q(valid_to__isnull=True)),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["party", "-valid_from"], name="product_of_party"),
            # What a party has now, newest first, and what it costs a month, from the index alone.
            models.Index(
                fields=["party", "-valid_from"],
                include=["status", "price"],
                name="product_current",
                condition=Q(valid_to__isnull=True),
            ),
            models.Index(fields=["offering", "party"], name="product_of_offering"),
            own_index("product_own"),
            models.Index(fields=["user"], name="product_of_user", condition=Q(user__isnull=False)),
            models.Index(fields=["address"], name="product_at_address", condition=Q(address__isnull=False)),
        ]

    def __str__(self) -> str:
        return str(self.offering)


class FormerTermsQuerySet(PartyScopedQuerySet["FormerTerms"]):
    """Terms of the past."""

    permission = ServicePermission.READ
    party_lookup = "product__party"


class FormerTerms(models.Model):
    """Under which offering and at which price a product stood for a period that is over; the present stands on it."""

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="former_terms")
    offering = models.ForeignKey(ProductOffering, on_delete=models.PROTECT, related_name="+", db_index=False)
    price = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    currency = models.CharField(max_length=3)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField()

    objects: ClassVar[Any] = FormerTermsQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [period_is_forward("former_terms_period_is_forward")]

    def __str__(self) -> str:
        return f"{self.offering}: {self.price}"


class NumberAssignmentQuerySet(PartyScopedQuerySet["NumberAssignment"]):
    """Numbers on products."""

    permission = ServicePermission.READ
    party_lookup = "product__party"

    def current(self) -> Self:
        """Return the numbers in use."""
        return self.filter(valid_to__isnull=True)


class NumberAssignment(models.Model):
    """A number of our network on a product for a period; outlives its holder, one product at a time; may be ported."""

    number = models.CharField(_("number"), max_length=20, db_collation="C")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="numbers")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    donor = models.CharField(_("ported from"), max_length=100, blank=True)
    recipient = models.CharField(_("ported to"), max_length=100, blank=True)

    objects: ClassVar[Any] = NumberAssignmentQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            period_is_forward("number_assignment_period_is_forward"),
            models.CheckConstraint(name="number_assignment_is_e164", condition=Q(number__regex=r"^\+\d{4,15}$")),
            ExclusionConstraint(
                name="number_assignment_one_product_at_a_time",
                expressions=[
                    ("number", RangeOperators.EQUAL),
                    (DateRange("valid_from", "valid_to", RangeBoundary()), RangeOperators.OVERLAPS),
                ],
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["number", "-valid_from"], name="number_assignment_number")]

    def __str__(self) -> str:
        return self.number


class UsageQuerySet(PartyScopedQuerySet["Usage"]):
    """Months of use."""

    permission = ServicePermission.READ


class Usage(models.Model):
    """A product's month: minutes, megabytes, messages, amount and faults."""

    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+", db_index=False)
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="usage", db_index=False)
    month = models.DateField()
    minutes = models.PositiveIntegerField(default=0)
    megabytes = models.PositiveBigIntegerField(default=0)
    messages = models.PositiveIntegerField(default=0)
    amount = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    faults = models.PositiveIntegerField(default=0)

    objects: ClassVar[Any] = UsageQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            # With what the view shows of a month: a product's months lie on one page, whenever they were written.
            models.UniqueConstraint(
                fields=["product", "month"],
                include=["party", "minutes", "megabytes", "amount", "faults"],
                name="usage_once_a_month",
            ),
            models.CheckConstraint(name="usage_month_is_first_day", condition=Q(month__day=1)),
        ]
        indexes: ClassVar = [models.Index(fields=["party"], name="usage_of_party")]

    def __str__(self) -> str:
        return f"{self.product_id} {self.month:%Y-%m}"
