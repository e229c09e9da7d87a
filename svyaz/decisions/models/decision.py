"""What was decided, on which grounds, and what was rejected."""

from datetime import datetime
from typing import Any, ClassVar, Self

from django.apps import apps
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
from django.utils.translation import gettext_lazy as _

from svyaz.access.models import Role
from svyaz.access.queries import PartyScopedQuerySet
from svyaz.decisions.permissions import DecisionPermission
from svyaz.fields.models import own_index, own_values
from svyaz.interactions.models import Interaction
from svyaz.lib.text import local_name
from svyaz.parties.models import Party
from svyaz.workforce.models import Department, Employee


class DecisionKind(models.Model):
    """A kind of decision (discount, recalculation, deferral …): its measure, and after how many days it is judged."""

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=120)
    name_en = models.CharField(_("name in English"), max_length=120, blank=True)
    unit = models.CharField(_("unit"), max_length=16, blank=True)
    outcome_after_days = models.PositiveSmallIntegerField(_("judged after days"), default=90)
    is_active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return local_name(self.name, self.name_en)


class AuthorityLimit(models.Model):
    """Up to which amount (in the kind's unit) a role decides alone; no row: nothing; no amount: without limit."""

    kind = models.ForeignKey(DecisionKind, on_delete=models.PROTECT, related_name="limits")
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="+")
    amount = models.DecimalField(_("limit"), max_digits=14, decimal_places=2, null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "role"], name="authority_limit_once"),
            models.CheckConstraint(
                name="authority_limit_not_negative", condition=Q(amount__isnull=True) | Q(amount__gte=0)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role}: {self.amount}"


def _memory(name: str) -> "models.Manager[Any]":
    """Return the rows of a model that stands above decisions in this package: memory.py imports this module."""
    manager: models.Manager[Any] = apps.get_model("decisions", name).objects
    return manager


class DecisionQuerySet(PartyScopedQuerySet["Decision"]):
    """Decisions."""

    permission = DecisionPermission.READ

    def in_force(self, at: datetime) -> Self:
        """Return decisions that bind at a moment: made or approved, within their term, not replaced, not overridden."""
        return self.filter(_binds(at))

    def awaiting_approval(self) -> Self:
        """Return proposals nobody has approved or refused yet."""
        return self.filter(_waits())

    def with_standing(self, at: datetime) -> Any:
        """Add `standing`: "1_in_force", "2_proposed" or "3_past", which sorts as it should be seen."""
        cases = (When(_binds(at), then=Value("1_in_force")), When(_waits(), then=Value("2_proposed")))
        return self.annotate(standing=Case(*cases, default=Value("3_past"), output_field=models.CharField()))


def _approved(decision: str) -> Exists:
    return Exists(_memory("Approval").filter(decision=OuterRef(decision), is_approved=True))


def _binds(at: datetime) -> Q:
    sightings = _memory("Sighting")
    replaced = Decision.objects.filter(supersedes=OuterRef("pk")).filter(
        Q(state=Decision.State.IN_FORCE) | Q(_approved("pk"))
    )
    overridden = sightings.filter(decision=OuterRef("pk"), outcome=sightings.model.Outcome.OVERRIDDEN)
    is_made = Q(state=Decision.State.IN_FORCE) | Q(_approved("pk"))
    in_term = Q(valid_from__lte=at) & (Q(valid_until__isnull=True) | Q(valid_until__gt=at))
    return is_made & in_term & ~Q(Exists(replaced)) & ~Q(Exists(overridden))


def _waits() -> Q:
    return Q(state=Decision.State.PROPOSED) & ~Q(Exists(_memory("Approval").filter(decision=OuterRef("pk"))))


class Decision(models.Model):
    """What was decided about a subject, by whom, with which authority; never edited, only superseded."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("waits for approval")
        IN_FORCE = "in_force", _("in force")

    class Subject(models.TextChoices):
        PARTY = "party", _("the whole customer")
        ACCOUNT = "account", _("an account")
        PRODUCT = "product", _("a service")
        CASE = "case", _("a case")
        AREA = "area", _("a territory")
        OFFERING = "offering", _("an offering")

    party = models.ForeignKey(Party, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    interaction = models.ForeignKey(
        Interaction, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    subject_type = models.CharField(max_length=10, choices=Subject, default=Subject.PARTY)
    subject_id = models.BigIntegerField()
    kind = models.ForeignKey(DecisionKind, on_delete=models.PROTECT, related_name="+", verbose_name=_("kind"))
    question = models.CharField(_("question"), max_length=300, blank=True)
    text = models.TextField(_("decision"))
    measure = models.CharField(_("measure"), max_length=60, blank=True)
    unit = models.CharField(_("unit"), max_length=16, blank=True)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2, null=True, blank=True)
    maker = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="+", verbose_name=_("decided by"))
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    authority = models.CharField(_("authority"), max_length=100, blank=True)
    authority_limit = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    state = models.CharField(_("state"), max_length=8, choices=State)
    made_at = models.DateTimeField(_("decided"))
    valid_from = models.DateTimeField(_("valid from"))
    valid_until = models.DateTimeField(_("valid until"), null=True, blank=True)
    review_on = models.DateField(_("review on"), null=True, blank=True)
    own = own_values()
    supersedes = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="superseded_by",
        verbose_name=_("replaces"),
    )

    objects: ClassVar[Any] = DecisionQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="decision_has_text", condition=~Q(text="")),
            models.CheckConstraint(
                name="decision_ends_after_start",
                condition=Q(valid_until__isnull=True) | Q(valid_until__gt=F("valid_from")),
            ),
            models.CheckConstraint(name="decision_not_superseding_itself", condition=~Q(supersedes=F("id"))),
            models.CheckConstraint(
                name="decision_about_a_party_names_it",
                condition=Q(party__isnull=False) | Q(subject_type__in=["area", "offering"]),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["party", "-made_at"], name="decision_of_party"),
            models.Index(fields=["maker", "-made_at"], name="decision_of_maker"),
            models.Index(fields=["kind", "-made_at"], name="decision_of_kind"),
            models.Index(fields=["interaction"], name="decision_of_interaction"),
            models.Index(fields=["-made_at", "-id"], name="decision_latest"),
            own_index("decision_own"),
            models.Index(fields=["made_at"], name="decision_proposed", condition=Q(state="proposed")),
            models.Index(fields=["review_on"], name="decision_review", condition=Q(review_on__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.text


class GroundQuerySet(PartyScopedQuerySet["Ground"]):
    """Grounds."""

    permission = DecisionPermission.READ


class Ground(models.Model):
    """A fact that a decision rests on, with the value it had then."""

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="grounds")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    fact = models.CharField(max_length=64)
    value = models.JSONField()
    label = models.CharField(max_length=300)
    reference_type = models.CharField(max_length=64, blank=True)
    reference_id = models.BigIntegerField(null=True)
    read_at = models.DateTimeField()

    objects: ClassVar[Any] = GroundQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["decision", "fact", "reference_id"], nulls_distinct=False, name="ground_once_per_decision"
            )
        ]
        indexes: ClassVar = [models.Index(fields=["party"], name="ground_of_party")]

    def __str__(self) -> str:
        return self.label


class RejectedOption(models.Model):
    """What was considered and not done, and why."""

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="rejected")
    option = models.CharField(_("option"), max_length=300)
    reason = models.CharField(_("why not"), max_length=300)

    def __str__(self) -> str:
        return f"{self.option}: {self.reason}"
