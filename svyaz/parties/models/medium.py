"""How a party is reached, and where it is."""

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from svyaz.access.queries import PartyScopedQuerySet
from svyaz.lib.periods import period_is_forward
from svyaz.parties.models.party import Party
from svyaz.parties.permissions import PartyPermission
from svyaz.places.models import Address


class ContactMediumQuerySet(PartyScopedQuerySet["ContactMedium"]):
    """Contact media."""

    permission = PartyPermission.READ

    def current(self) -> Self:
        """Return those still in use."""
        return self.filter(valid_to__isnull=True)


class ContactMedium(models.Model):
    """A phone, fax, e-mail or messenger of a party, typed and normalised; several parties may share one."""

    class Kind(models.TextChoices):
        MOBILE = "mobile", _("mobile")
        PHONE = "phone", _("phone")
        FAX = "fax", _("fax")
        EMAIL = "email", _("e-mail")
        MESSENGER = "messenger", _("messenger")

    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="media", db_index=False)
    kind = models.CharField(_("kind"), max_length=9, choices=Kind)
    value = models.CharField(_("value"), max_length=254, db_collation="C")
    is_preferred = models.BooleanField(_("preferred"), default=False)
    verified_at = models.DateTimeField(null=True, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    objects: ClassVar[Any] = ContactMediumQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            period_is_forward("contact_medium_period_is_forward"),
            models.CheckConstraint(
                name="contact_medium_is_normalised",
                condition=Q(kind__in=["mobile", "phone", "fax"], value__regex=r"^\+\d{4,15}$")
                | Q(kind="email", value__regex=r"^[^@[:upper:][:space:]]+@[^@[:upper:][:space:]]+$")
                | (Q(kind="messenger") & ~Q(value="")),
            ),
            models.UniqueConstraint(
                fields=["party", "kind", "value"],
                condition=Q(valid_to__isnull=True),
                name="contact_medium_once_per_party",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["value"], name="contact_medium_value"),
            models.Index(fields=["party"], name="contact_medium_of_party"),
        ]

    def __str__(self) -> str:
        return self.value


class AddressUseQuerySet(PartyScopedQuerySet["AddressUse"]):
    """Addresses of parties."""

    permission = PartyPermission.READ


class AddressUse(models.Model):
    """A party's address in a role: registered, actual, installation or postal, for a period."""

    class Role(models.TextChoices):
        REGISTERED = "registered", _("registered")
        ACTUAL = "actual", _("actual")
        INSTALLATION = "installation", _("installation")
        POSTAL = "postal", _("postal")

    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="addresses")
    address = models.ForeignKey(Address, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=12, choices=Role)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    objects: ClassVar[Any] = AddressUseQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [period_is_forward("address_use_period_is_forward")]

    def __str__(self) -> str:
        return f"{self.get_role_display()}: {self.address}"
