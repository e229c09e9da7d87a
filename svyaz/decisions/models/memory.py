"""What later contacts did with a decision, who approved it, and how it ended."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from svyaz.decisions.models.decision import Decision
from svyaz.interactions.models import Interaction
from svyaz.parties.models import Party
from svyaz.users.models import User
from svyaz.workforce.models import Employee


class Approval(models.Model):
    """A proposal above its maker's authority was approved or refused."""

    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="approval")
    approver = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="+")
    is_approved = models.BooleanField()
    reason = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="approval_refusal_has_reason", condition=Q(is_approved=True) | ~Q(reason=""))
        ]

    def __str__(self) -> str:
        return f"{self.decision_id}: {self.is_approved}"


class Sighting(models.Model):
    """A decision in force met a later contact: kept, changed, overridden with a reason, or not dealt with."""

    class Outcome(models.TextChoices):
        KEPT = "kept", _("kept")
        CHANGED = "changed", _("changed")
        OVERRIDDEN = "overridden", _("overridden")
        NOT_DEALT_WITH = "not_dealt_with", _("not dealt with")

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="sightings", db_index=False)
    interaction = models.ForeignKey(Interaction, on_delete=models.PROTECT, related_name="+", db_index=False)
    party = models.ForeignKey(Party, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    outcome = models.CharField(max_length=14, choices=Outcome)
    reason = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="sighting_override_has_reason", condition=~Q(outcome="overridden") | ~Q(reason="")
            ),
            models.UniqueConstraint(
                fields=["decision", "interaction", "outcome"], name="sighting_outcome_once_per_contact"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["interaction"], name="sighting_of_interaction"),
            models.Index(fields=["party"], name="sighting_of_party"),
        ]

    def __str__(self) -> str:
        return f"{self.decision_id}: {self.get_outcome_display()}"


class Outcome(models.Model):
    """How a decision ended, measured from facts so many days later."""

    class Kind(models.TextChoices):
        ACCEPTED = "accepted", _("accepted")
        REFUSED = "refused", _("refused")
        STAYED = "stayed", _("customer stayed")
        LEFT = "left", _("customer left")
        COMPLAINED_AGAIN = "complained_again", _("complained again")

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="outcomes")
    kind = models.CharField(max_length=16, choices=Kind)
    within_days = models.PositiveSmallIntegerField()
    evidence = models.JSONField(default=dict)
    measured_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["decision", "kind"], name="outcome_kind_once")]

    def __str__(self) -> str:
        return f"{self.decision_id}: {self.get_kind_display()}"
