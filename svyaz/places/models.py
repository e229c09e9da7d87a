"""Areas as a tree, and addresses in them."""

from datetime import date, datetime
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from svyaz.lib.text import local_name


class AreaQuerySet(models.QuerySet["Area"]):
    """Areas."""

    def below(self, area_id: int) -> frozenset[int]:
        """Return the ids of an area and of everything in it."""
        return frozenset(self.filter(path__contains=[area_id]).values_list("pk", flat=True))


class Area(models.Model):
    """A territory in the tree country › region › district › town; may be a service area of the operator."""

    class Kind(models.TextChoices):
        COUNTRY = "country", _("country")
        REGION = "region", _("region")
        DISTRICT = "district", _("district")
        TOWN = "town", _("town")

    kind = models.CharField(max_length=8, choices=Kind)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    path = ArrayField(models.BigIntegerField(), default=list, editable=False)
    code = models.CharField(max_length=32, unique=True)
    name = models.CharField(_("name"), max_length=200)
    name_en = models.CharField(_("name in English"), max_length=200, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=64, default="Europe/Moscow")
    is_service_area = models.BooleanField(_("service area"), default=False)
    boundary = models.JSONField(null=True, blank=True)

    objects: ClassVar[Any] = AreaQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="area_country_has_no_parent",
                condition=models.Q(kind="country", parent__isnull=True)
                | (~models.Q(kind="country") & models.Q(parent__isnull=False)),
            ),
        ]
        indexes: ClassVar = [GinIndex(fields=["path"], name="area_path")]

    def __str__(self) -> str:
        return local_name(self.name, self.name_en)

    def local_date(self, at: datetime) -> date:
        """Return which day it is in this area at a moment."""
        return at.astimezone(ZoneInfo(self.time_zone)).date()


class Address(models.Model):
    """A postal address in an area, with its FIAS id where it is known."""

    area = models.ForeignKey(Area, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    postal_code = models.CharField(_("postal code"), max_length=10, blank=True)
    locality = models.CharField(_("town"), max_length=120, blank=True)
    street = models.CharField(_("street"), max_length=160, blank=True)
    house = models.CharField(_("house"), max_length=32, blank=True)
    flat = models.CharField(_("flat"), max_length=16, blank=True)
    fias_id = models.UUIDField(null=True, blank=True)
    text = models.CharField(_("as written"), max_length=400, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="address_is_not_empty",
                condition=~models.Q(text="") | ~models.Q(street="") | ~models.Q(locality=""),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["street", "house", "flat"], name="address_house", condition=~models.Q(street="")),
        ]

    def __str__(self) -> str:
        parts = (self.postal_code, self.locality, self.street, self.house, self.flat)
        return self.text or ", ".join(part for part in parts if part)
