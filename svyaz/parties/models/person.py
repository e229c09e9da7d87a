"""What is known of a party: documents, wishes, consents, what it cares about, dated numbers."""

from typing import Any, ClassVar, Self

from django.apps import apps
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from svyaz.access.queries import PartyScopedQuerySet
from svyaz.parties.models.party import Party
from svyaz.parties.permissions import PartyPermission


class IdentificationQuerySet(PartyScopedQuerySet["Identification"]):
    """Documents; their numbers stay encrypted until unmasked."""

    permission = PartyPermission.READ_PERSONAL


class Identification(models.Model):
    """A person's document: number encrypted, with a keyed fingerprint for exact match, and the last digits to show."""

    class Kind(models.TextChoices):
        PASSPORT = "passport", _("passport")
        FOREIGN_PASSPORT = "foreign_passport", _("foreign passport")
        RESIDENCE_PERMIT = "residence_permit", _("residence permit")
        DRIVING_LICENCE = "driving_licence", _("driving licence")
        SNILS = "snils", _("SNILS")

    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="identifications")
    kind = models.CharField(_("document"), max_length=20, choices=Kind)
    number_encrypted = models.BinaryField()
    number_fingerprint = models.CharField(max_length=64, db_index=True)
    number_tail = models.CharField(max_length=4)
    issued_by = models.CharField(_("issued by"), max_length=300, blank=True)
    issued_date = models.DateField(_("issued on"), null=True, blank=True)
    expires_date = models.DateField(_("valid until"), null=True, blank=True)

    objects: ClassVar[Any] = IdentificationQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["party", "kind", "number_fingerprint"], name="identification_once_per_party"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.masked}"

    @property
    def masked(self) -> str:
        """Return the number as it is shown without unmasking."""
        return f"•••• {self.number_tail}"


class PreferenceQuerySet(PartyScopedQuerySet["Preference"]):
    """Preferences."""

    permission = PartyPermission.READ


class Preference(models.Model):
    """What a party prefers, stated by it or observed by us, with source and date."""

    class Kind(models.TextChoices):
        CHANNEL = "channel", _("channel")
        HOURS = "hours", _("hours")
        LANGUAGE = "language", _("language")
        INTEREST = "interest", _("interest")
        DISLIKE = "dislike", _("dislike")

    class Origin(models.TextChoices):
        STATED = "stated", _("stated by the customer")
        OBSERVED = "observed", _("observed")

    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="preferences")
    kind = models.CharField(_("preference"), max_length=10, choices=Kind)
    value = models.CharField(_("value"), max_length=200)
    origin = models.CharField(_("origin"), max_length=10, choices=Origin, default=Origin.STATED)
    source = models.CharField(_("source"), max_length=200, blank=True)
    since = models.DateField()
    ended_date = models.DateField(null=True, blank=True)

    objects: ClassVar[Any] = PreferenceQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["party", "kind", "value"], condition=Q(ended_date__isnull=True), name="preference_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.value}"


class ConsentQuerySet(PartyScopedQuerySet["Consent"]):
    """Consents."""

    permission = PartyPermission.READ

    def in_force(self) -> Self:
        """Return consents given and not withdrawn, by this party or by another that is one with it.

        Among those that are one, a withdrawal of any binds all, however the others' consents are dated: only what is
        given after the last merge counts again. A party's own withdrawal is answered by its own later consent.
        """
        return self.filter(withdrawn_at__isnull=True).exclude(_beaten())


def _beaten() -> Q:
    """Return the condition on a consent that another of the same group, withdrawn and not given anew, outweighs it."""
    anew = Consent.objects.filter(
        party=OuterRef("party"), purpose=OuterRef("purpose"), given_at__gte=OuterRef("withdrawn_at")
    )
    joined_later = apps.get_model("parties", "Merge").objects.filter(
        undone_at__isnull=True, merged__canonical=OuterRef("party__canonical"), at__gt=OuterRef(OuterRef("given_at"))
    )
    withdrawn = Consent.objects.filter(
        ~Q(party=OuterRef("party")), ~Exists(anew), Q(withdrawn_at__gt=OuterRef("given_at")) | Exists(joined_later),
        party__canonical=OuterRef("party__canonical"), purpose=OuterRef("purpose"), withdrawn_at__isnull=False,
    )  # fmt: skip
    return Q(party__canonical__isnull=False) & Q(Exists(withdrawn))


class Consent(models.Model):
    """A party agreed to a purpose, in the words of a text version, over a channel, with evidence; may be withdrawn."""

    class Purpose(models.TextChoices):
        SERVICE = "service", _("service notices")
        MARKETING = "marketing", _("advertising")
        PROFILING = "profiling", _("profiling")
        PARTNERS = "partners", _("passing to partners")

    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="consents")
    purpose = models.CharField(_("purpose"), max_length=12, choices=Purpose)
    text_version = models.CharField(_("text version"), max_length=32)
    channel = models.CharField(_("channel"), max_length=16)
    evidence = models.CharField(_("evidence"), max_length=300, blank=True)
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawal_evidence = models.CharField(max_length=300, blank=True)

    objects: ClassVar[Any] = ConsentQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="consent_withdrawn_after_given",
                condition=Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gte=F("given_at")),
            ),
            models.UniqueConstraint(
                fields=["party", "purpose"], condition=Q(withdrawn_at__isnull=True), name="consent_once_per_purpose"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()}"


class CustomerFactorQuerySet(PartyScopedQuerySet["CustomerFactor"]):
    """Factors."""

    permission = PartyPermission.READ


class CustomerFactor(models.Model):
    """What this party cares about, with a weight from 1 to 5, the contact it was heard in, and the date."""

    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="factors")
    factor = models.CharField(_("factor"), max_length=100)
    weight = models.PositiveSmallIntegerField(_("weight"))
    interaction_id = models.BigIntegerField(null=True, blank=True)
    noted_date = models.DateField()

    objects: ClassVar[Any] = CustomerFactorQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="customer_factor_weight_1_to_5", condition=Q(weight__gte=1, weight__lte=5)),
        ]

    def __str__(self) -> str:
        return f"{self.factor} ({self.weight})"


class ScoreQuerySet(PartyScopedQuerySet["Score"]):
    """Scores."""

    permission = PartyPermission.READ


class Score(models.Model):
    """A dated number about a party (churn, value …), with what it was computed from."""

    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="scores", db_index=False)
    kind = models.CharField(max_length=32)
    value = models.DecimalField(max_digits=12, decimal_places=4)
    computed_date = models.DateField()
    reasons = models.JSONField(default=list)

    objects: ClassVar[Any] = ScoreQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["party", "kind", "computed_date"], name="score_once_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.value}"
