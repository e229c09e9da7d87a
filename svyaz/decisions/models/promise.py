"""What was promised, by when, by whom, and what became of it."""

from datetime import datetime
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Exists, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from svyaz.access.queries import PartyScopedQuerySet
from svyaz.decisions.models.decision import Decision
from svyaz.decisions.permissions import DecisionPermission
from svyaz.interactions.models import Interaction
from svyaz.parties.models import Party
from svyaz.users.models import User
from svyaz.workforce.models import Employee


class PromiseQuerySet(PartyScopedQuerySet["Promise"]):
    """Promises."""

    permission = DecisionPermission.READ

    def open(self) -> Self:
        """Return promises without a result."""
        return self.filter(~Exists(PromiseResult.objects.filter(promise=OuterRef("pk"))))

    def past_due(self, at: datetime) -> Self:
        """Return open promises whose time has passed."""
        return self.open().filter(due_at__lt=at)

    def with_owner(self) -> Any:
        """Add `owner_id`: the employee the promise was last handed to, or the one who gave it."""
        last = PromiseTransfer.objects.filter(promise=OuterRef("pk")).order_by("-id").values("to_id")[:1]
        return self.annotate(owner_id=Coalesce(Subquery(last), "employee_id", output_field=models.BigIntegerField()))


class Promise(models.Model):
    """Something promised to a party by a moment, with the employee who answers for it."""

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, null=True, blank=True, related_name="promises")
    interaction = models.ForeignKey(
        Interaction, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+", db_index=False)
    what = models.CharField(_("promise"), max_length=300)
    due_at = models.DateTimeField(_("by"))
    employee = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="+", db_index=False)
    made_at = models.DateTimeField()

    objects: ClassVar[Any] = PromiseQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="promise_has_text", condition=~models.Q(what="")),
        ]
        indexes: ClassVar = [
            models.Index(fields=["party", "-due_at"], name="promise_of_party"),
            models.Index(fields=["employee", "due_at"], name="promise_of_employee"),
            models.Index(fields=["due_at"], name="promise_due"),
        ]

    def __str__(self) -> str:
        return self.what


class PromiseResult(models.Model):
    """A promise was kept, broken or withdrawn."""

    class Result(models.TextChoices):
        KEPT = "kept", _("kept")
        BROKEN = "broken", _("broken")
        WITHDRAWN = "withdrawn", _("withdrawn by agreement")

    promise = models.OneToOneField(Promise, on_delete=models.PROTECT, related_name="result")
    result = models.CharField(max_length=9, choices=Result)
    note = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.promise_id}: {self.get_result_display()}"


class PromiseTransfer(models.Model):
    """A promise went over to another employee."""

    promise = models.ForeignKey(Promise, on_delete=models.PROTECT, related_name="transfers")
    to = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.promise_id} -> {self.to}"
