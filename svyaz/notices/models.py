"""Notices, what each user wants to hear and when, and who stands at which customer's card."""

from datetime import datetime, time, timedelta
from typing import Any, ClassVar, Self
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from svyaz.access.models import Opening
from svyaz.access.queries import Rights, Viewer, rights_of
from svyaz.decisions.permissions import DecisionPermission
from svyaz.interactions.permissions import InteractionPermission
from svyaz.parties.models import Party
from svyaz.parties.permissions import PartyPermission
from svyaz.users.models import User
from svyaz.workforce.models import Department, Employee


class NoticeQuerySet(models.QuerySet["Notice"]):
    """Notices."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Return the viewer's own notices, without those of parties that he may not see any more."""
        rights = rights_of(viewer)
        seen = Q(pk__in=())
        for permission in {*NEEDS.values()}:
            if rights.may(permission):
                kinds = [kind for kind, needed in NEEDS.items() if needed == permission]
                seen |= Q(kind__in=kinds) & _within(rights, permission)
        return self.filter(seen, recipient=rights.user_id)

    def unread(self) -> Self:
        """Return those not read and not held back by quiet hours: what the badge counts."""
        return self.filter(read_at__isnull=True, held_until__isnull=True)


def _within(rights: Rights, permission: str) -> Q:
    """Return the condition that a notice's party lies in the permission's areas, or is open to the viewer just now."""
    areas = rights.areas[str(permission)]
    if areas is None:
        return Q()
    opened = Opening.objects.filter(by=rights.user_id, party_id=OuterRef("party_id"), opens_until__gt=Now())
    return Q(party__home_area__in=areas) | Q(party__home_area__isnull=True) | Q(Exists(opened))


class Notice(models.Model):
    """An employee should know of something: what it is (kind and subject), about whom, and why he is told (reason)."""

    class Kind(models.TextChoices):
        CALL = "call", _("Incoming contact")
        MESSAGE = "message", _("New message")
        APPROVAL = "approval", _("Waits for my approval")
        JUDGED = "judged", _("My proposal was judged")
        OVERTURNED = "overturned", _("My decision was changed")
        LATE = "late", _("Promise past due")
        HANDED = "handed", _("Handed to me")

    class Reason(models.TextChoices):
        NAMED = "named", _("because it is addressed to you")
        PROMISED = "promised", _("because you promised it")
        OWES = "owes", _("because you promised this customer something")
        IN_NAME = "in_name", _("because it was promised in your name")
        RECEIVED = "received", _("because it was handed to you")
        DECIDED = "decided", _("because you decided it")
        IN_FORCE = "in_force", _("because your decision is in force here")
        MANAGER = "manager", _("because you manage this customer")
        HEAD = "head", _("because you are head of department")
        APPROVER = "approver", _("because your authority covers it")

    recipient = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=12, choices=Kind)
    reason = models.CharField(max_length=12, choices=Reason)
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    subject_type = models.CharField(max_length=64)
    subject_id = models.BigIntegerField()
    party = models.ForeignKey(Party, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    # The event that it tells of; loose, like every reference to history.
    event_id = models.BigIntegerField()
    at = models.DateTimeField()
    is_loud = models.BooleanField(default=True)
    held_until = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[Any] = NoticeQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["event_id", "recipient"], name="notice_once_per_event"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["recipient", "-at", "-id"], name="notice_of_recipient"),
            models.Index(fields=["recipient"], name="notice_unread", condition=Q(read_at__isnull=True)),
            models.Index(fields=["held_until"], name="notice_held", condition=Q(held_until__isnull=False)),
            models.Index(fields=["read_at"], name="notice_read", condition=Q(read_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.recipient_id}"


# What one must be allowed to read in order to be told of it.
NEEDS = {
    Notice.Kind.CALL: InteractionPermission.READ,
    Notice.Kind.MESSAGE: InteractionPermission.READ,
    Notice.Kind.APPROVAL: DecisionPermission.READ,
    Notice.Kind.JUDGED: DecisionPermission.READ,
    Notice.Kind.OVERTURNED: DecisionPermission.READ,
    Notice.Kind.LATE: DecisionPermission.READ,
    Notice.Kind.HANDED: PartyPermission.READ,
}
# These do not wait for the morning.
URGENT = frozenset({Notice.Kind.CALL, Notice.Kind.LATE})


class NoticeSetting(models.Model):
    """How a user wants to hear of one kind of thing; no row: loud."""

    class Level(models.TextChoices):
        LOUD = "loud", _("tell me at once")
        QUIET = "quiet", _("only count it")
        OFF = "off", _("not at all")

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=12, choices=Notice.Kind)
    level = models.CharField(max_length=5, choices=Level, default=Level.LOUD)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "kind"], name="notice_setting_once")]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_kind_display()} {self.get_level_display()}"


class QuietHours(models.Model):
    """From when until when, by the user's own clock, only urgent notices reach him; the end is not in it."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="+")
    begins = models.TimeField(_("from"))
    ends = models.TimeField(_("until"))
    weekends = models.BooleanField(_("Saturday and Sunday as a whole"), default=False)

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(name="quiet_hours_not_empty", condition=~Q(begins=F("ends")))]

    def __str__(self) -> str:
        return f"{self.user}: {self.begins:%H:%M}–{self.ends:%H:%M}"

    def over_at(self, at: datetime, zone: ZoneInfo) -> datetime | None:
        """Return when the quiet that holds at a moment ends; None where none holds."""
        local, quiet = at.astimezone(zone), False
        # Quiet hours and weekends may follow one another: at the most five such steps until Monday noon.
        for _step in range(6):
            ends = self._end_of(local)
            if ends is None:
                break
            local, quiet = ends, True
        return local.astimezone(at.tzinfo) if quiet else None

    def _end_of(self, local: datetime) -> datetime | None:
        """Return when the stretch of quiet around a local moment ends."""
        if self.weekends and local.weekday() >= 5:
            return _at(local + timedelta(days=1), time())
        clock = local.time()
        if self.begins < self.ends:
            return _at(local, self.ends) if self.begins <= clock < self.ends else None
        if clock >= self.begins:
            return _at(local + timedelta(days=1), self.ends)
        return _at(local, self.ends) if clock < self.ends else None


def _at(day: datetime, clock: time) -> datetime:
    return day.replace(hour=clock.hour, minute=clock.minute, second=0, microsecond=0)


# A browser that was not heard of for so long is gone, whatever became of it.
SILENT_IS_GONE = timedelta(seconds=45)


class AtCard(models.Model):
    """An employee has a customer's card open before him, since when, and when his browser was last heard of."""

    employee = models.ForeignKey(Employee, on_delete=models.CASCADE, related_name="+")
    party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="+", db_index=False)
    since = models.DateTimeField()
    seen_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["party", "employee"], name="at_card_once"),
        ]

    def __str__(self) -> str:
        return f"{self.employee}: {self.party_id}"
