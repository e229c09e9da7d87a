"""Roles, who holds them where, and the record of every opened card."""

from datetime import datetime
from typing import Any, ClassVar, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from svyaz.lib.periods import holds_at, period_is_forward
from svyaz.lib.text import local_name
from svyaz.places.models import Area


class Role(models.Model):
    """A named set of permissions that employees hold: call-centre agent, head of department …"""

    code = models.SlugField(max_length=64, unique=True)
    name = models.CharField(_("name"), max_length=100)
    name_en = models.CharField(_("name in English"), max_length=100, blank=True)
    permissions = ArrayField(models.CharField(max_length=64), default=list, verbose_name=_("permissions"))
    requires_second_factor = models.BooleanField(_("requires a second factor"), default=False, db_default=False)

    def __str__(self) -> str:
        return local_name(self.name, self.name_en)


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    """Assignments."""

    def in_force(self, at: datetime) -> Self:
        """Return those whose period holds the moment."""
        return self.filter(holds_at(at))

    def not_over(self, at: datetime) -> Self:
        """Return those in force and those that begin later."""
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=at))


class Assignment(models.Model):
    """A user holds a role in an area (everywhere, if none is named) for a period."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="assignments")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[Any] = AssignmentQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            period_is_forward("assignment_period_is_forward"),
            models.UniqueConstraint(
                fields=["user", "role", "area"],
                condition=Q(valid_to__isnull=True),
                nulls_distinct=False,
                name="assignment_once_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.role}"


class OpeningQuerySet(models.QuerySet["Opening"]):
    """Openings of cards."""

    def beyond_area(self) -> Self:
        """Return those that an identifier, a contact or an unmasking opened."""
        return self.exclude(basis=Opening.Basis.AREA)

    def unreviewed(self) -> Self:
        """Return those nobody has reviewed yet."""
        return self.filter(reviewed_at__isnull=True)

    def acts(self) -> Self:
        """Return those that opened a relationship; the looks that followed each are on record without a term."""
        return self.beyond_area().filter(opens_until__isnull=False)


class Opening(models.Model):
    """One opening of a party's card: by whom, on which ground, through which door; reviewed if beyond the area."""

    class Basis(models.TextChoices):
        AREA = "area", _("own area")
        IDENTIFIER = "identifier", _("exact identifier")
        CONTACT = "contact", _("contact in hand")
        UNMASKING = "unmasking", _("document shown")

    class Door(models.TextChoices):
        DESK = "desk", _("desk")
        API = "api", _("API")

    party_id = models.BigIntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    basis = models.CharField(max_length=16, choices=Basis)
    reason = models.CharField(max_length=200, blank=True)
    door = models.CharField(max_length=8, choices=Door, default=Door.DESK)
    opens_until = models.DateTimeField(null=True)
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True)
    is_justified = models.BooleanField(null=True)
    review_note = models.CharField(max_length=300, blank=True)

    objects: ClassVar[Any] = OpeningQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="opening_beyond_area_has_reason", condition=Q(basis="area") | ~Q(reason="")),
            models.CheckConstraint(
                name="opening_review_is_whole",
                condition=Q(reviewed_by__isnull=True, reviewed_at__isnull=True, is_justified__isnull=True)
                | Q(reviewed_by__isnull=False, reviewed_at__isnull=False, is_justified__isnull=False),
            ),
            models.CheckConstraint(
                name="opening_reviewed_by_another", condition=Q(reviewed_by__isnull=True) | ~Q(reviewed_by=F("by"))
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["party_id", "-at"], name="opening_of_party"),
            models.Index(
                fields=["by", "party_id", "opens_until"], name="opening_in_hand", condition=Q(opens_until__isnull=False)
            ),
            models.Index(
                fields=["at"], name="opening_to_review", condition=Q(reviewed_at__isnull=True) & ~Q(basis="area")
            ),
            models.Index(fields=["by", "-at"], name="opening_act_of", condition=Q(opens_until__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.by}: {self.party_id} ({self.basis})"


class OpeningQuestion(models.Model):
    """What a reviewer asks the employee who opened a card, and the answer."""

    opening = models.ForeignKey(Opening, on_delete=models.PROTECT, related_name="questions")
    question = models.CharField(_("question"), max_length=300)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    answer = models.CharField(_("answer"), max_length=300, blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="opening_question_is_not_empty", condition=~Q(question="")),
            models.CheckConstraint(
                name="opening_question_answer_is_dated",
                condition=Q(answer="", answered_at__isnull=True) | (~Q(answer="") & Q(answered_at__isnull=False)),
            ),
            models.UniqueConstraint(
                fields=["opening"], condition=Q(answered_at__isnull=True), name="opening_question_one_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return self.question
