"""What competitors offer to customers, our answers, and what came of them."""

from datetime import timedelta

from svyaz.demo.world import Client, Contact, Decided, World
from svyaz.markets.events import MarketEvent
from svyaz.markets.models import CompetitorOffer
from svyaz.services.models import ProductOffering

_GIFTS = ("", "", "роутер", "первый месяц бесплатно", "ТВ-приставка", "подписка на кино на год")
_TERMS = ("", "договор на год", "цена на 12 месяцев, дальше по тарифу", "при переносе номера", "подключение 500 ₽")
_TITLES = {
    "internet": ("Интернет 300", "Интернет 500", "Интернет 1 Гбит/с"),
    "mobile": ("Безлимит", "50 ГБ и 1 000 минут", "Два номера по цене одного"),
    "tv": ("150 каналов", "ТВ и кино"), "bundle": ("Интернет, ТВ и мобильная связь",),
}  # fmt: skip
# After so many days an offer is no longer open: the customer stayed or went.
_DECIDED_AFTER = timedelta(days=45)


def hear_offer(world: World, client: Client, contact: Contact, decided: Decided | None) -> None:
    """Gather the offer a contact told of, with our answer and its result."""
    rng, day, rival = client.rng, contact.at.date(), contact.rival
    if rival is None:
        return
    kind = str(contact.held.tariff.kind) if contact.held else str(ProductOffering.Kind.INTERNET)
    source = rng.choices(list(CompetitorOffer.Source), (80, 6, 9, 5))[0]
    number = world.book.add(
        CompetitorOffer, party_id=client.party_id, competitor_id=rival.party_id, service_kind=kind,
        title=rng.choice(_TITLES.get(kind, ("То же самое дешевле",))), price=contact.price,
        months=rng.choice((None, 6, 12, 12, 24)),
        terms=rng.choice(_TERMS), gift=rng.choice(_GIFTS), heard_date=day, interaction_id=contact.id,
        source=source.value, reliability=rng.choice(("high", "medium", "medium", "low")),
        valid_until=day + timedelta(days=rng.choice((14, 30, 60))), answer_id=decided.id if decided else None,
        result=_result(world, client, contact),
    )  # fmt: skip
    world.book.tell(
        MarketEvent.OFFER_HEARD, "markets.competitoroffer", number, client.party_id, contact.at,
        by=contact.worker.user_id, competitor=rival.party_id, price=str(contact.price),
    )  # fmt: skip
    if decided:
        world.book.tell(
            MarketEvent.OFFER_ANSWERED, "markets.competitoroffer", number, client.party_id, decided.at,
            by=contact.worker.user_id, decision=decided.id,
        )  # fmt: skip
    _tell_result(world, client, contact, number)


def _result(world: World, client: Client, contact: Contact) -> str:
    if world.moment - contact.at < _DECIDED_AFTER:
        return ""
    if client.left and client.left - contact.at.date() < 2 * _DECIDED_AFTER:
        return CompetitorOffer.Result.LEFT.value
    return CompetitorOffer.Result.STAYED.value


def _tell_result(world: World, client: Client, contact: Contact, number: int) -> None:
    if result := _result(world, client, contact):
        world.book.tell(
            MarketEvent.OFFER_RESOLVED, "markets.competitoroffer", number, client.party_id,
            contact.at + _DECIDED_AFTER, result=result,
        )  # fmt: skip
