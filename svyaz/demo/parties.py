"""Customers as parties: persons, sole traders and companies with roles, media, addresses and agreements."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from svyaz.demo.chance import chance_of, day_between
from svyaz.demo.geography import Place, Region, pick_place, pick_region
from svyaz.demo.names import PersonName, company_name, latin, person_name
from svyaz.demo.numbers import company_inn, ogrn, ogrnip, person_inn, spread
from svyaz.demo.world import Client, World
from svyaz.lib.text import name_key
from svyaz.parties.events import PartyEvent
from svyaz.parties.models import AddressUse, Agreement, ContactMedium, Party, PartyRole
from svyaz.places.models import Address

COMPANY_EVERY = 10
_MAIL = ("mail.example", "pochta.example", "yandex.example", "inbox.example", "post.example")


@dataclass(frozen=True)
class Kin:
    """What the next person shares with this one: family, home, telephone."""

    family: str
    is_female: bool
    region: Region
    place: Place
    address_id: int
    mobile: str
    party_id: int
    born: int


def create_client(world: World, index: int, kin: Kin | None) -> Client:
    """Gather a customer's own rows; every tenth is a company, of these every fifth a sole trader."""
    rng = chance_of("customer", index)
    if index % COMPANY_EVERY:
        return _create_person(world, index, rng, kin)
    return _create_company(world, index, rng)


def _create_person(world: World, index: int, rng: Random, kin: Kin | None, *, trader: bool = False) -> Client:
    region = kin.region if kin else pick_region(rng, world.regions)
    place = kin.place if kin else pick_place(rng, region)
    name = person_name(rng, family=kin.family, is_female=not kin.is_female) if kin else person_name(rng)
    since, left = _period(world, rng)
    year = kin.born + rng.randint(-5, 5) if kin else rng.randint(world.as_of.year - 84, since.year - 19)
    year = min(year, since.year - 19)
    full = name.full
    party_id = world.book.add(
        Party, kind=Party.Kind.INDIVIDUAL.value, name=full, name_key=name_key(full), family_name=name.family,
        given_name=name.given, middle_name=name.middle, gender="female" if name.is_female else "male",
        birth_date=day_between(rng, date(year, 1, 1), date(year, 12, 28)), legal_form="ИП" if trader else "",
        inn=person_inn(region.digits, index) if trader or rng.random() < 0.12 else "",
        ogrn=ogrnip(region.digits, since.year, index) if trader else "", language="ru",
        home_area_id=place.area_id, created_at=_morning(region, since),
    )  # fmt: skip
    client = _client(world, index, rng, region, place, party_id, full, name, since, left)
    client.is_trader = trader
    _person_media(world, client, kin)
    client.address_id = kin.address_id if kin else add_address(world, rng, place, flat=True)
    _use_address(world, client, AddressUse.Role.ACTUAL)
    _finish(world, client)
    return client


def _create_company(world: World, index: int, rng: Random) -> Client:
    if index % (COMPANY_EVERY * 5) == 0:
        return _create_person(world, index, rng, None, trader=True)
    region = pick_region(rng, world.regions)
    place = pick_place(rng, region)
    legal_form = rng.choices(("ООО", "АО", "ПАО", "ГБУЗ", "МБОУ", "АНО"), (80, 8, 2, 3, 4, 3))[0]
    name = company_name(rng, legal_form)
    if legal_form in {"ГБУЗ", "МБОУ"}:
        name = rng.choice(("ГБУЗ «Городская поликлиника № {n}»", "МБОУ «Средняя школа № {n}»")).format(
            n=rng.randint(2, 210)
        )
    since, left = _period(world, rng)
    inn = company_inn(region.digits, index // COMPANY_EVERY)
    party_id = world.book.add(
        Party, kind=Party.Kind.ORGANIZATION.value, name=name, name_key=name_key(name), legal_form=legal_form,
        inn=inn, kpp=inn[:4] + "01001", ogrn=ogrn(region.digits, rng.randint(2002, 2022), index),
        home_area_id=place.area_id, created_at=_morning(region, since),
    )  # fmt: skip
    client = _client(world, index, rng, region, place, party_id, name, None, since, left)
    _company_media(world, client)
    client.address_id = add_address(world, rng, place, flat=False)
    _use_address(world, client, AddressUse.Role.REGISTERED)
    _finish(world, client)
    return client


def _client(
    world: World, index: int, rng: Random, region: Region, place: Place, party_id: int, name: str,
    person: PersonName | None, since: date, left: date | None,
) -> Client:  # fmt: skip
    years = (world.as_of - since).days / 365
    worth = rng.random() * 10 + years
    tier = "platinum" if worth > 19 else "gold" if worth > 15 else "silver" if worth > 11 else "standard"
    world.book.tell(PartyEvent.CREATED, "parties.party", party_id, party_id, _morning(region, since), name=name)
    return Client(
        index, rng, region, place, party_id, name, person, f"{region.digits}{200_000 + index}", since, left, tier
    )


def _finish(world: World, client: Client) -> None:
    """Give the customer role and the agreement."""
    at = client.at(client.since)
    client.role_id = world.book.add(
        PartyRole, party_id=client.party_id, kind=PartyRole.Kind.CUSTOMER.value, number=client.number,
        status=(PartyRole.Status.CLOSED if client.left else PartyRole.Status.ACTIVE).value, tier=client.tier,
        valid_from=client.since, valid_to=client.left,
        end_reason=client.rng.choice(("Ушёл к другому оператору", "Переезд", "Дорого", "Не пользуется"))
        if client.left
        else "",
    )  # fmt: skip
    world.book.tell(
        PartyEvent.ROLE_GIVEN, "parties.partyrole", client.role_id, client.party_id, at,
        role="customer", number=client.number,
    )  # fmt: skip
    if client.left:
        world.book.tell(
            PartyEvent.ROLE_ENDED, "parties.partyrole", client.role_id, client.party_id, client.at(client.left),
            role="customer",
        )  # fmt: skip
    number = f"{client.region.digits}-{client.since.year}-{200_000 + client.index}"
    client.agreement_id = world.book.add(
        Agreement, party_id=client.party_id, number=number, valid_from=client.since, valid_to=client.left,
        signed_by=client.name if client.person else "Генеральный директор", term="" if client.person else "12 месяцев",
    )  # fmt: skip
    world.book.tell(
        PartyEvent.AGREEMENT_SIGNED, "parties.agreement", client.agreement_id, client.party_id, at, number=number
    )


def _period(world: World, rng: Random) -> tuple[date, date | None]:
    """Return since when someone is a customer, and until when if he left (one in twelve)."""
    since = world.as_of - timedelta(days=20 + int(rng.random() ** 1.3 * 4400))
    if rng.random() < 0.08 and (world.as_of - since).days > 300:
        return since, day_between(rng, since + timedelta(days=200), world.as_of - timedelta(days=5))
    return since, None


def _morning(region: Region, day: date) -> datetime:
    return datetime.combine(day, time(10), region.zone)


def add_medium(world: World, client: Client, kind: str, value: str, *, preferred: bool = False) -> None:
    """Gather a contact medium with its event."""
    number = world.book.add(
        ContactMedium, party_id=client.party_id, kind=kind, value=value, is_preferred=preferred,
        valid_from=client.since, verified_at=client.at(client.since) if preferred else None,
    )  # fmt: skip
    world.book.tell(
        PartyEvent.MEDIUM_ADDED, "parties.contactmedium", number, client.party_id, client.at(client.since), medium=kind
    )


def _person_media(world: World, client: Client, kin: Kin | None) -> None:
    rng, region = client.rng, client.region
    client.mobile = f"+7{region.mobile}{spread(client.index)}"
    add_medium(world, client, "mobile", client.mobile, preferred=True)
    if kin and rng.random() < 0.4:
        add_medium(world, client, "mobile", kin.mobile)
    elif rng.random() < 0.12:
        add_medium(
            world, client, "mobile", f"+79{rng.choice((0, 5, 6))}{rng.randint(1, 9)}{rng.randint(10**6, 10**7 - 1)}"
        )
    if rng.random() < 0.62 and client.person:
        given, family = latin(client.person.given), latin(client.person.family)
        box = rng.choice((f"{given}.{family}", f"{given[0]}.{family}", f"{family}{rng.randint(60, 99)}"))
        client.email = f"{box}.{client.index}@{rng.choice(_MAIL)}"
        add_medium(world, client, "email", client.email)
    if rng.random() < 0.1:
        add_medium(world, client, "phone", f"+7{region.landline}{spread(client.index + 3_000_000)}")


def _company_media(world: World, client: Client) -> None:
    stem = latin(client.name.split("«")[1].split("»")[0].split("«")[-1]).replace(" ", "-").replace("№", "n")
    domain = "".join(char for char in stem if char.isalnum() or char == "-").strip("-") or "office"
    client.mobile = f"+7{client.region.landline}{spread(client.index + 3_000_000)}"
    client.email = f"office@{domain}-{client.index}.example"
    add_medium(world, client, "phone", client.mobile, preferred=True)
    add_medium(world, client, "email", client.email)
    if client.rng.random() < 0.2:
        add_medium(world, client, "fax", f"+7{client.region.landline}{spread(client.index + 6_000_000)}")


def add_address(world: World, rng: Random, place: Place, *, flat: bool) -> int:
    """Gather an address of a place; return its number."""
    house = str(rng.randint(1, 140)) + (rng.choice((" к. 1", " к. 2", "А", "Б")) if rng.random() < 0.2 else "")
    return world.book.add(
        Address, area_id=place.area_id, postal_code=f"{place.postal}{rng.randint(0, 99):02d}",
        locality=place.locality, street=rng.choice(place.streets), house=house,
        flat=str(rng.randint(1, 320)) if flat else "",
    )  # fmt: skip


def _use_address(world: World, client: Client, role: AddressUse.Role) -> None:
    number = world.book.add(
        AddressUse, party_id=client.party_id, address_id=client.address_id, role=role.value, valid_from=client.since
    )
    world.book.tell(
        PartyEvent.ADDRESS_ADDED, "parties.addressuse", number, client.party_id, client.at(client.since),
        role=role.value,
    )  # fmt: skip
