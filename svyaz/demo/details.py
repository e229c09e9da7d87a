"""What is known of a customer beyond name and number: documents, wishes, consents, what matters to him."""

from datetime import date, timedelta

from svyaz.demo.chance import day_between
from svyaz.demo.world import Client, World
from svyaz.lib.crypto import encrypt, fingerprint
from svyaz.parties.events import PartyEvent
from svyaz.parties.models import Consent, CustomerFactor, Identification, Preference

Purpose = Consent.Purpose
_PREFERENCES: tuple[tuple[Preference.Kind, tuple[str, ...]], ...] = (
    (Preference.Kind.HOURS, ("после 18:00", "до 12:00", "в обед", "только в выходные", "не раньше 10:00")),
    (Preference.Kind.CHANNEL, ("звонок", "электронная почта", "мессенджер", "не звонить, писать")),
    (Preference.Kind.INTEREST, ("футбол", "онлайн-игры", "кино", "дача", "музыка", "детские каналы", "путешествия")),
    (Preference.Kind.DISLIKE, ("рекламные звонки", "робот на линии", "бумажные счета", "долгое ожидание")),
    (Preference.Kind.LANGUAGE, ("русский", "английский", "татарский")),
)
_FACTORS = ("цена", "скорость", "стабильность связи", "качество поддержки", "мобильный интернет", "ТВ-каналы",
            "прозрачность счёта", "роуминг", "один оператор на всё")  # fmt: skip
_COMPANY_FACTORS = ("надёжность канала", "время восстановления", "цена", "персональный менеджер", "отчётные документы",
                    "защита от атак", "единый счёт на все офисы")  # fmt: skip
_CONSENT_CHANNELS = ("shop", "web", "phone")


def add_details(world: World, client: Client) -> None:
    """Gather what is known of a customer."""
    _consents(world, client)
    if client.rng.random() < 0.36:
        for kind, values in client.rng.sample(_PREFERENCES, client.rng.randint(1, 2)):
            add_preference(world, client, kind, client.rng.choice(values))
    if client.rng.random() < 0.3:
        _factors(world, client)
    if client.person and client.rng.random() < 0.15:
        _document(world, client)


def _someday(world: World, client: Client) -> date:
    last = client.left or world.as_of
    return day_between(client.rng, client.since, last - timedelta(days=1))


def add_preference(world: World, client: Client, kind: Preference.Kind, value: str) -> None:
    """Gather a preference, stated or observed."""
    rng, day = client.rng, _someday(world, client)
    origin = Preference.Origin.STATED if rng.random() < 0.75 else Preference.Origin.OBSERVED
    source = "со слов клиента" if origin == Preference.Origin.STATED else "по истории обращений"
    number = world.book.add(
        Preference, party_id=client.party_id, kind=kind.value, value=value, origin=origin.value, source=source,
        since=day,
    )  # fmt: skip
    world.book.tell(
        PartyEvent.PREFERENCE_SAVED, "parties.preference", number, client.party_id, client.at(day, 15),
        kind=kind.value, value=value,
    )  # fmt: skip


def _consents(world: World, client: Client) -> None:
    rng = client.rng
    for purpose, share in ((Purpose.SERVICE, 0.94), (Purpose.MARKETING, 0.58), (Purpose.PROFILING, 0.3)):
        if rng.random() > share:
            continue
        given = client.at(client.since, 12)
        withdrawn = None
        if purpose == Purpose.MARKETING and rng.random() < 0.14:
            withdrawn = client.at(_someday(world, client), 16)
        number = world.book.add(
            Consent, party_id=client.party_id, purpose=purpose.value,
            text_version=f"{purpose.value}-{max(client.since.year, 2015)}", channel=rng.choice(_CONSENT_CHANNELS),
            evidence=f"Договор {client.region.digits}-{client.since.year}", given_at=given, withdrawn_at=withdrawn,
            withdrawal_evidence="Устно, по телефону" if withdrawn else "",
        )  # fmt: skip
        world.book.tell(
            PartyEvent.CONSENT_GIVEN, "parties.consent", number, client.party_id, given, purpose=purpose.value
        )
        if withdrawn:
            world.book.tell(
                PartyEvent.CONSENT_WITHDRAWN, "parties.consent", number, client.party_id, withdrawn,
                purpose=purpose.value,
            )  # fmt: skip


def _factors(world: World, client: Client) -> None:
    factors = _FACTORS if client.person else _COMPANY_FACTORS
    for factor in client.rng.sample(factors, client.rng.randint(1, 3)):
        day = _someday(world, client)
        number = world.book.add(
            CustomerFactor, party_id=client.party_id, factor=factor, weight=client.rng.randint(2, 5), noted_date=day
        )
        world.book.tell(
            PartyEvent.FACTOR_SAVED, "parties.customerfactor", number, client.party_id, client.at(day, 15),
            factor=factor,
        )  # fmt: skip


def _document(world: World, client: Client) -> None:
    rng = client.rng
    digits = f"{client.region.digits}{rng.randint(0, 24):02d}{rng.randint(0, 999_999):06d}"
    number = world.book.add(
        Identification, party_id=client.party_id, kind=Identification.Kind.PASSPORT.value,
        number_encrypted=encrypt(digits), number_fingerprint=fingerprint(digits), number_tail=digits[-4:],
        issued_by="Отделом внутренних дел", issued_date=day_between(rng, date(2005, 1, 1), client.since),
    )  # fmt: skip
    world.book.tell(
        PartyEvent.IDENTIFICATION_ADDED, "parties.identification", number, client.party_id, client.at(client.since, 12),
        kind="passport",
    )  # fmt: skip
