"""Recording contacts and matching them to parties."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from svyaz.fields.actions import checked_values, put_own_values
from svyaz.fields.models import OwnField
from svyaz.history.actions import record, record_new
from svyaz.interactions.events import InteractionEvent
from svyaz.interactions.models import Interaction, InteractionProduct, Participant, Topic
from svyaz.lib.changes import difference
from svyaz.parties.models import Party
from svyaz.parties.queries import ids_of, links_to_parties
from svyaz.services.models import Product, ProductOffering
from svyaz.users.models import User
from svyaz.workforce.models import Employee


class ProductOfAnotherParty(Exception):
    """A contact can only be about services of its own party."""


class InteractionAlreadyMatched(Exception):
    """The contact belongs to a party already."""


@dataclass(frozen=True)
class ParticipantDraft:
    """Who took part: a party, in which role, for whom; a candidate until somebody confirms."""

    party: Party
    role: str = ""
    on_behalf_of: Party | None = None
    state: str = Participant.State.CONFIRMED


@dataclass(frozen=True)
class InteractionDraft:
    """What is known of a contact when it is recorded.

    `source` and `external_id` name it in the system it came from (Message-ID, call id): the same pair is taken once.
    """

    channel: str
    direction: str = Interaction.Direction.INBOUND
    is_reached: bool = True
    at: datetime | None = None
    ended_at: datetime | None = None
    subject: str = ""
    text: str = ""
    topic: Topic | None = None
    offering: ProductOffering | None = None
    products: Sequence[Product] = ()
    participants: Sequence[ParticipantDraft] = ()
    medium: str = ""
    source: str = ""
    external_id: str = ""
    in_reply_to: Interaction | None = None
    own: Mapping[str, Any] = field(default_factory=dict)


def record_interaction(
    *, party: Party | None, draft: InteractionDraft, employee: Employee | None, by: User, at: datetime
) -> Interaction:
    """Record a contact with a party (none yet: it waits to be matched); raise ProductOfAnotherParty.

    The employee's department and position are kept as they are now. A contact that its source has sent before comes
    back as it was recorded then.
    """
    if draft.external_id:
        known = Interaction.objects.filter(source=draft.source, external_id=draft.external_id).first()
        if known is not None:
            return known
    if any((party and party.pk) not in {product.party_id, product.user_id} for product in draft.products):
        _refuse_foreign(party, draft.products)
    interaction = Interaction(
        party=party, channel=draft.channel, direction=draft.direction, is_reached=draft.is_reached,
        at=draft.at or at, ended_at=draft.ended_at,
        subject=draft.subject, text=draft.text, topic=draft.topic, medium=draft.medium, employee=employee,
        department_id=employee.department_id if employee else None, position=employee.position if employee else "",
        offering=draft.offering or _offering_of(draft.products), source=draft.source, external_id=draft.external_id,
        in_reply_to=draft.in_reply_to, recorded_at=at, own=_own_values(draft, by),
    )  # fmt: skip
    # Part of whatever transaction calls it, without a savepoint: contacts come by the thousand, each in a larger one.
    with transaction.atomic(savepoint=False):
        record_new(
            InteractionEvent.RECORDED, subject=interaction, party_id=interaction.party_id, by=by, at=at,
            channel=interaction.channel, direction=interaction.direction,
        )  # fmt: skip
        _add_products(interaction, draft.products)
        _add_participants(interaction, draft.participants)
    return interaction


def _own_values(draft: InteractionDraft, by: User) -> dict[str, Any]:
    given = checked_values(OwnField.Noun.CONTACT, draft.own, by=by, may_link=links_to_parties(by))
    return {code: value for code, value in given.items() if value is not None}


def _offering_of(products: Sequence[Product]) -> ProductOffering | None:
    return products[0].offering if products else None


def _add_products(interaction: Interaction, products: Sequence[Product]) -> None:
    if products:
        InteractionProduct.objects.bulk_create(
            InteractionProduct(interaction=interaction, product=product) for product in products
        )


def _refuse_foreign(party: Party | None, products: Sequence[Product]) -> None:
    """Refuse services of others than the party and those that are one with it."""
    group = set() if party is None else set(ids_of(party))
    if any(group.isdisjoint({product.party_id, product.user_id}) for product in products):
        raise ProductOfAnotherParty(party)


def _add_participants(interaction: Interaction, drafts: Iterable[ParticipantDraft]) -> None:
    participants = [
        Participant(
            interaction=interaction, party=draft.party, role=draft.role,
            on_behalf_of=draft.on_behalf_of, state=draft.state,
        )
        for draft in drafts
    ]  # fmt: skip
    if participants:
        Participant.objects.bulk_create(participants)


@transaction.atomic
def match_interaction(*, interaction: Interaction, party: Party, by: User, at: datetime) -> Interaction:
    """Say whose contact it is; the candidate becomes confirmed; raise InteractionAlreadyMatched."""
    interaction = Interaction.objects.select_for_update().get(pk=interaction.pk)
    if interaction.party_id is not None:
        raise InteractionAlreadyMatched(interaction)
    interaction.party = party
    interaction.save(update_fields=["party"])
    Participant.objects.update_or_create(
        interaction=interaction, party=party, defaults={"state": Participant.State.CONFIRMED}
    )
    record(InteractionEvent.MATCHED, subject=interaction, party_id=party.pk, by=by, at=at)
    return interaction


def set_contact_values(
    *, interaction: Interaction, values: Mapping[str, Any], by: User | None, at: datetime
) -> Interaction:
    """Change some of a contact's own values, as `parties.actions.set_own_values` does a party's."""
    return put_own_values(
        row=interaction, noun=OwnField.Noun.CONTACT, values=values, event=InteractionEvent.OWN_CHANGED,
        party_id=interaction.party_id, by=by, at=at, may_link=links_to_parties(by),
    )  # fmt: skip


class TopicWithinItself(Exception):
    """A topic cannot belong to itself, nor to one that belongs to it."""


@transaction.atomic
def save_topic(
    *, code: str, name: str, by: User | None, at: datetime, name_en: str = "", parent: Topic | None = None,
    is_active: bool = True,
) -> Topic:  # fmt: skip
    """Create a topic or change it; one that is not active is offered no more. Nothing changes: no event.

    Raises TopicWithinItself.
    """
    topic = Topic.objects.select_for_update().filter(code=code).first() or Topic(code=code)
    before = _topic_values(topic) if topic.pk else {}
    topic.name, topic.name_en, topic.parent, topic.is_active = name, name_en, parent, is_active
    above = parent
    while above is not None:
        if above.pk == topic.pk:
            raise TopicWithinItself(topic)
        above = above.parent
    former, new = difference(before, _topic_values(topic))
    if new:
        topic.save()
        record(InteractionEvent.TOPIC_SAVED, subject=topic, by=by, at=at, code=code, name=name, former=former, new=new)
    return topic


def _topic_values(topic: Topic) -> dict[str, Any]:
    parent = topic.parent.name if topic.parent else None
    return {"name": topic.name, "name_en": topic.name_en, "parent": parent, "is_active": topic.is_active}
