"""Contacts on any channel: where customer, employee and service meet."""

from datetime import datetime, timedelta
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from svyaz.access.queries import PartyScopedQuerySet
from svyaz.fields.models import own_index, own_values
from svyaz.interactions.permissions import InteractionPermission
from svyaz.lib.text import local_name
from svyaz.parties.models import Party
from svyaz.services.models import Product, ProductOffering
from svyaz.workforce.models import Department, Employee


class Topic(models.Model):
    """A reason for which people turn to us, in a tree."""

    code = models.SlugField(max_length=64, unique=True)
    name = models.CharField(_("name"), max_length=120)
    name_en = models.CharField(_("name in English"), max_length=120, blank=True)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    is_active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return local_name(self.name, self.name_en)


class Channel(models.TextChoices):
    """The six ways in which people meet the operator, and notes among colleagues."""

    PHONE = "phone", _("telephone")
    EMAIL = "email", _("e-mail")
    WEB = "web", _("web site")
    POST = "post", _("postal mail")
    FAX = "fax", _("fax")
    MEETING = "meeting", _("personal meeting")
    NOTE = "note", _("note")


# After so long nobody waits any more: what was left undone by then shows in how the relationship went on.
UNANSWERED_FOR = timedelta(days=30)
WRITTEN = (Channel.EMAIL, Channel.WEB, Channel.POST, Channel.FAX)


class InteractionQuerySet(PartyScopedQuerySet["Interaction"]):
    """Contacts."""

    permission = InteractionPermission.READ

    def unanswered(self, at: datetime) -> Self:
        """Return the contacts of the last 30 days that wait for an answer.

        These are incoming ones that nobody took or that came in writing, and outgoing ones that reached nobody, after
        which none of us spoke with or wrote to the party. Notes wait for nothing.
        """
        incoming = Q(direction=Interaction.Direction.INBOUND) & (Q(employee__isnull=True) | Q(channel__in=WRITTEN))
        waiting = (incoming | Q(is_reached=False)) & ~Q(channel=Channel.NOTE)
        spoken = Q(direction=Interaction.Direction.OUTBOUND) | ~Q(channel__in=[*WRITTEN, Channel.NOTE])
        answers = Interaction.objects.filter(
            spoken, party=models.OuterRef("party"), at__gt=models.OuterRef("at"), employee__isnull=False,
            is_reached=True,
        )  # fmt: skip
        recent = self.filter(waiting, at__gte=at - UNANSWERED_FOR, at__lte=at)
        return recent.filter(~models.Exists(answers))


class Interaction(models.Model):
    """One contact: who with whom, when, over which channel, about what and which services, in what words."""

    Channel = Channel

    class Direction(models.TextChoices):
        INBOUND = "inbound", _("incoming")
        OUTBOUND = "outbound", _("outgoing")

    party = models.ForeignKey(Party, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    channel = models.CharField(_("channel"), max_length=8, choices=Channel)
    direction = models.CharField(_("direction"), max_length=8, choices=Direction, default=Direction.INBOUND)
    # An outgoing call that nobody answered is a contact too: somebody will try again.
    is_reached = models.BooleanField(_("reached"), default=True, db_default=True)
    at = models.DateTimeField(_("at"))
    ended_at = models.DateTimeField(_("until"), null=True, blank=True)
    subject = models.CharField(_("subject"), max_length=300, blank=True)
    text = models.TextField(_("text"), blank=True)
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    employee = models.ForeignKey(
        Employee, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    # As they were at the time of the contact: people move, departments split.
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    position = models.CharField(max_length=120, blank=True)
    offering = models.ForeignKey(
        ProductOffering, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    medium = models.CharField(_("number or address"), max_length=254, blank=True)
    source = models.CharField(max_length=40, blank=True)
    external_id = models.CharField(max_length=255, blank=True)
    in_reply_to = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    recorded_at = models.DateTimeField()
    own = own_values()

    objects: ClassVar[Any] = InteractionQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="interaction_ends_after_start", condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("at"))
            ),
            models.CheckConstraint(name="interaction_channel_known", condition=Q(channel__in=Channel.values)),
            models.CheckConstraint(
                name="interaction_unreached_is_outbound", condition=Q(is_reached=True) | Q(direction="outbound")
            ),
            models.UniqueConstraint(
                fields=["source", "external_id"], condition=~Q(external_id=""), name="interaction_external_id_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["party", "-at", "-id"], name="interaction_of_party"),
            models.Index(fields=["employee", "-at"], name="interaction_of_employee"),
            models.Index(fields=["-at", "-id"], name="interaction_latest"),
            models.Index(fields=["-at"], name="interaction_nobodys", condition=Q(employee__isnull=True)),
            own_index("interaction_own"),
            models.Index(
                fields=["offering", "-at"], name="interaction_of_offering", condition=Q(offering__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.subject or self.text[:60]


class InteractionProduct(models.Model):
    """A contact was about a product: the third side of the triangle."""

    interaction = models.ForeignKey(Interaction, on_delete=models.PROTECT, related_name="products")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["interaction", "product"], name="interaction_product_once")
        ]

    def __str__(self) -> str:
        return f"{self.interaction_id}: {self.product_id}"


class Participant(models.Model):
    """A party that took part, or may have: caller, representative, one of five at a meeting; candidate or confirmed."""

    class State(models.TextChoices):
        CANDIDATE = "candidate", _("candidate")
        CONFIRMED = "confirmed", _("confirmed")

    interaction = models.ForeignKey(Interaction, on_delete=models.PROTECT, related_name="participants")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(_("role"), max_length=40, blank=True)
    on_behalf_of = models.ForeignKey(Party, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=9, choices=State, default=State.CONFIRMED)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["interaction", "party"], name="participant_once_per_interaction")
        ]

    def __str__(self) -> str:
        return f"{self.interaction_id}: {self.party_id}"
