"""Departments, employees and what they can do."""

from datetime import date
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from svyaz.access.queries import PartyScopedQuerySet, Viewer, rights_of
from svyaz.lib.periods import holds_at, period_is_forward
from svyaz.lib.text import local_name
from svyaz.parties.models import Party
from svyaz.places.models import Area
from svyaz.workforce.permissions import WorkforcePermission


class Department(models.Model):
    """A part of the operator in which employees work: retention, shops, technical, credit control …"""

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=120)
    name_en = models.CharField(_("name in English"), max_length=120, blank=True)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    head = models.ForeignKey("Employee", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            period_is_forward("department_period_is_forward"),
            models.CheckConstraint(name="department_not_its_own_parent", condition=~Q(parent=F("id"))),
        ]

    def __str__(self) -> str:
        return local_name(self.name, self.name_en)


class EmployeeQuerySet(models.QuerySet["Employee"]):
    """Employees."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Return all employees to who may read them: colleagues are no secret within the operator."""
        return self if rights_of(viewer).may(WorkforcePermission.READ) else self.none()

    def working(self) -> Self:
        """Return those who have not left."""
        return self.filter(left_date__isnull=True)


class Employee(models.Model):
    """One who works here; his history stays with the department and position he had at each time."""

    number = models.CharField(_("staff number"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=200)
    name_key = models.CharField(max_length=200, db_collation="C", editable=False)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    party = models.OneToOneField(Party, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="employees")
    position = models.CharField(_("position"), max_length=120)
    position_en = models.CharField(_("position in English"), max_length=120, blank=True, default="")
    hired_date = models.DateField()
    left_date = models.DateField(null=True, blank=True)

    objects: ClassVar[Any] = EmployeeQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [period_is_forward("employee_period_is_forward", "hired_date", "left_date")]
        indexes: ClassVar = [models.Index(fields=["name_key", "id"], name="employee_by_name")]

    def __str__(self) -> str:
        return self.name

    @property
    def local_position(self) -> str:
        """Return the position in the reader's language."""
        return local_name(self.position, self.position_en)

    def works_at(self, day: date) -> bool:
        """Tell whether the employee works here on a day."""
        return self.hired_date <= day and (self.left_date is None or day < self.left_date)


class Membership(models.Model):
    """An employee's department and position for a period; the current one stands on Employee too."""

    employee = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="memberships")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="memberships")
    position = models.CharField(max_length=120)
    position_en = models.CharField(max_length=120, blank=True, default="")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            period_is_forward("membership_period_is_forward"),
            models.UniqueConstraint(
                fields=["employee"], condition=Q(valid_to__isnull=True), name="membership_one_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.employee}: {self.position}"

    @property
    def local_position(self) -> str:
        """Return the position in the reader's language."""
        return local_name(self.position, self.position_en)


class Skill(models.Model):
    """What an employee may be good at: a product kind, a language, a kind of talk."""

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100, blank=True, default="")

    def __str__(self) -> str:
        return local_name(self.name, self.name_en)


class EmployeeSkill(models.Model):
    """An employee's skill with its level from 1 to 5."""

    employee = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="skills")
    skill = models.ForeignKey(Skill, on_delete=models.PROTECT, related_name="+")
    level = models.PositiveSmallIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["employee", "skill"], name="employee_skill_once"),
            models.CheckConstraint(name="employee_skill_level_1_to_5", condition=Q(level__gte=1, level__lte=5)),
        ]

    def __str__(self) -> str:
        return f"{self.skill} {self.level}"


class Presence(models.Model):
    """Whether an employee is there now."""

    class State(models.TextChoices):
        AVAILABLE = "available", _("available")
        BUSY = "busy", _("in contact")
        AWAY = "away", _("away")

    employee = models.OneToOneField(Employee, on_delete=models.PROTECT, related_name="presence")
    state = models.CharField(max_length=10, choices=State)
    since = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.employee}: {self.get_state_display()}"


class AccountAssignmentQuerySet(PartyScopedQuerySet["AccountAssignment"]):
    """Who manages which customer."""

    permission = WorkforcePermission.READ

    def in_force(self, at: date) -> Self:
        """Return those whose period holds the day."""
        return self.filter(holds_at(at))


class AccountAssignment(models.Model):
    """An employee is the account manager of a party for a period."""

    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    employee = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="accounts")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    objects: ClassVar[Any] = AccountAssignmentQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            period_is_forward("account_assignment_period_is_forward"),
            models.UniqueConstraint(
                fields=["party"], condition=Q(valid_to__isnull=True), name="account_assignment_one_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.employee}: {self.party_id}"
