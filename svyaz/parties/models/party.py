"""Party and its roles."""

from datetime import date
from typing import Any, ClassVar, Self

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from svyaz.access.queries import PartyScopedQuerySet, Viewer, any_of, rights_of
from svyaz.fields.models import own_index, own_values
from svyaz.lib.periods import period_is_forward
from svyaz.lib.text import name_key
from svyaz.parties.permissions import PartyPermission
from svyaz.places.models import Area


class PartyQuerySet(models.QuerySet["Party"]):
    """Parties; lists and searches show canonical ones only."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Return the parties of the viewer's areas (or the one in hand); none without the permission."""
        rights = rights_of(viewer)
        if not rights.may(PartyPermission.READ):
            return self.none()
        if rights.party_id is not None:
            return self.filter(any_of("pk", rights.parties))
        areas = rights.areas[PartyPermission.READ]
        return self if areas is None else self.filter(Q(home_area__in=areas) | Q(home_area__isnull=True))

    def within(self, viewer: Viewer, permission: str) -> Self:
        """Return the parties of the areas in which the viewer holds a permission; a relationship in hand is not enough.

        For what must not rest on an opening of twelve hours: merging shows one area's customer to another for good.
        """
        rights = rights_of(viewer)
        if not rights.may(permission):
            return self.none()
        areas = rights.areas[str(permission)]
        return self if areas is None else self.filter(Q(home_area__in=areas) | Q(home_area__isnull=True))

    def canonical(self) -> Self:
        """Return those that were not merged into another."""
        return self.filter(merged_into__isnull=True)

    def named_like(self, text: str) -> Self:
        """Return the parties whose name holds every word of the text, in any order, case and ё aside."""
        words = name_key(text).split()
        if text.strip() and not words:
            return self.none()
        found = self
        for word in words:
            found = found.filter(name_key__contains=word)
        return found


class Party(models.Model):
    """A person or company the operator has anything to do with; exists once."""

    class Kind(models.TextChoices):
        INDIVIDUAL = "individual", _("person")
        ORGANIZATION = "organization", _("company")

    class Gender(models.TextChoices):
        FEMALE = "female", _("female")
        MALE = "male", _("male")

    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    name = models.CharField(_("name"), max_length=300, blank=True)
    name_key = models.CharField(max_length=300, blank=True, db_collation="C", editable=False)
    family_name = models.CharField(_("family name"), max_length=100, blank=True)
    given_name = models.CharField(_("given name"), max_length=100, blank=True)
    middle_name = models.CharField(_("patronymic"), max_length=100, blank=True)
    birth_date = models.DateField(_("birth date"), null=True, blank=True)
    gender = models.CharField(_("gender"), max_length=6, choices=Gender, blank=True)
    legal_form = models.CharField(_("legal form"), max_length=32, blank=True)
    inn = models.CharField(_("INN"), max_length=12, blank=True)
    kpp = models.CharField(_("KPP"), max_length=9, blank=True)
    ogrn = models.CharField(_("OGRN"), max_length=15, blank=True)
    language = models.CharField(_("language"), max_length=5, blank=True)
    # What a source says of the party and no noun holds (TM Forum's partyCharacteristic).
    characteristics = models.JSONField(
        _("characteristics"), default=dict, blank=True, db_default=models.Value({}, models.JSONField())
    )
    own = own_values()
    home_area = models.ForeignKey(
        Area, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False, verbose_name=_("area")
    )
    # Whom this party was merged into: the truth. `canonical` is derived from it: empty for a party alone; for all that
    # were merged, and for their survivor too, the survivor. So a party's own row tells whether there is more to read.
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    canonical = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    created_at = models.DateTimeField()

    objects: ClassVar[Any] = PartyQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="party_person_has_no_kpp", condition=Q(kind="organization") | Q(kpp="", legal_form__in=["", "ИП"])
            ),
            models.CheckConstraint(
                name="party_company_has_no_birth",
                condition=Q(kind="individual") | Q(birth_date__isnull=True, gender="", given_name="", middle_name=""),
            ),
            models.CheckConstraint(name="party_inn_is_digits", condition=Q(inn__regex=r"^(\d{10}|\d{12})?$")),
            models.CheckConstraint(name="party_not_merged_into_itself", condition=~Q(merged_into=F("id"))),
            models.CheckConstraint(
                name="party_canonical_follows_merge",
                condition=Q(merged_into__isnull=True) & (Q(canonical__isnull=True) | Q(canonical=F("id")))
                | Q(merged_into__isnull=False, canonical__isnull=False) & ~Q(canonical=F("id")),
            ),
            models.UniqueConstraint(
                fields=["inn", "kpp"], condition=~Q(inn="") & Q(merged_into__isnull=True), name="party_inn_kpp_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["name_key", "id"], name="party_by_name", condition=Q(merged_into__isnull=True)),
            GinIndex(fields=["name_key"], name="party_name_part", opclasses=["gin_trgm_ops"]),
            models.Index(fields=["home_area", "name_key"], name="party_of_area"),
            own_index("party_own"),
            # The list of customers, the newest first.
            models.Index(fields=["created_at", "id"], name="party_by_age", condition=Q(merged_into__isnull=True)),
            models.Index(fields=["merged_into"], name="party_merged", condition=Q(merged_into__isnull=False)),
            models.Index(fields=["canonical"], name="party_group", condition=Q(canonical__isnull=False)),
            models.Index(fields=["ogrn"], name="party_ogrn", condition=~Q(ogrn="")),
            models.Index(fields=["inn"], name="party_inn", condition=~Q(inn="")),
            models.Index(fields=["birth_date"], name="party_birth_date", condition=Q(birth_date__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def canonical_pk(self) -> int:
        """Return the id of the party that this one counts as."""
        return self.canonical_id or self.pk

    @property
    def is_alone(self) -> bool:
        """Tell whether nobody was merged into this party, nor it into another."""
        return self.canonical_id is None

    def as_json(self, field: str) -> str | int | None:
        """Return a field's value as events and merges keep it in JSON: a day as ISO text, an area as its id."""
        if field == "birth_date":
            return self.birth_date.isoformat() if self.birth_date else None
        value: str | int | None = self.home_area_id if field == "home_area" else getattr(self, field)
        return value

    @property
    def is_person(self) -> bool:
        """Tell a person from a company."""
        return self.kind == self.Kind.INDIVIDUAL


class PartyRoleQuerySet(PartyScopedQuerySet["PartyRole"]):
    """Roles of parties."""

    permission = PartyPermission.READ

    def current(self) -> Self:
        """Return the roles that have not ended."""
        return self.filter(valid_to__isnull=True)

    def customers(self) -> Self:
        """Return the customer roles, ended ones too: a former customer keeps his history."""
        return self.filter(kind=PartyRole.Kind.CUSTOMER)


class PartyRole(models.Model):
    """A party as customer, supplier, partner, dealer or competitor, for a period; the customer role is the Customer."""

    class Kind(models.TextChoices):
        CUSTOMER = "customer", _("customer")
        SUPPLIER = "supplier", _("supplier")
        PARTNER = "partner", _("partner")
        DEALER = "dealer", _("dealer")
        COMPETITOR = "competitor", _("competitor")

    class Status(models.TextChoices):
        PROSPECT = "prospect", _("prospect")
        ACTIVE = "active", _("active")
        SUSPENDED = "suspended", _("suspended")
        CLOSED = "closed", _("closed")

    class Tier(models.TextChoices):
        STANDARD = "standard", _("standard")
        SILVER = "silver", _("silver")
        GOLD = "gold", _("gold")
        PLATINUM = "platinum", _("platinum")

    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="roles", db_index=False)
    kind = models.CharField(_("role"), max_length=12, choices=Kind)
    number = models.CharField(_("number"), max_length=40, blank=True)
    status = models.CharField(_("state"), max_length=12, choices=Status, default=Status.ACTIVE)
    tier = models.CharField(_("worth tier"), max_length=12, choices=Tier, blank=True)
    valid_from = models.DateField(_("since"))
    valid_to = models.DateField(_("until"), null=True, blank=True)
    end_reason = models.CharField(_("why it ended"), max_length=200, blank=True)

    objects: ClassVar[Any] = PartyRoleQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            period_is_forward("party_role_period_is_forward"),
            models.CheckConstraint(
                name="party_role_customer_has_number", condition=~Q(kind="customer") | ~Q(number="")
            ),
            models.CheckConstraint(name="party_role_tier_is_customers", condition=Q(kind="customer") | Q(tier="")),
            models.CheckConstraint(
                name="party_role_closed_has_end",
                condition=Q(status="closed", valid_to__isnull=False) | (~Q(status="closed") & Q(valid_to__isnull=True)),
            ),
            models.UniqueConstraint(fields=["kind", "number"], condition=~Q(number=""), name="party_role_number_once"),
            models.UniqueConstraint(
                fields=["party", "kind"], condition=Q(valid_to__isnull=True), name="party_role_once_at_a_time"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["party"], name="party_role_of_party"),
            # The few who are not simply active or have a tier, so that a list of them does not look through all.
            models.Index(fields=["status", "party"], name="party_role_unusual", condition=~Q(status="active")),
            models.Index(fields=["tier", "party"], name="party_role_of_tier", condition=~Q(tier="")),
            models.Index(fields=["valid_from", "party"], name="party_role_since"),
        ]

    def __str__(self) -> str:
        return self.number or f"{self.get_kind_display()} {self.party_id}"

    def holds_at(self, day: date) -> bool:
        """Tell whether the party has this role on a day."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


class FormerTierQuerySet(PartyScopedQuerySet["FormerTier"]):
    """Worth tiers of the past."""

    permission = PartyPermission.READ
    party_lookup = "role__party"


class FormerTier(models.Model):
    """A customer's worth tier for a period that is over; the present one stands on the role."""

    role = models.ForeignKey(PartyRole, on_delete=models.PROTECT, related_name="former_tiers")
    tier = models.CharField(max_length=12, choices=PartyRole.Tier, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField()

    objects: ClassVar[Any] = FormerTierQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [period_is_forward("former_tier_period_is_forward")]

    def __str__(self) -> str:
        return f"{self.role}: {self.get_tier_display()}"
