"""How customers belong together: families, households, payers, contact persons, account managers."""

from datetime import timedelta

from svyaz.demo.chance import day_between
from svyaz.demo.names import latin, person_name
from svyaz.demo.numbers import spread
from svyaz.demo.parties import Kin
from svyaz.demo.world import Client, World
from svyaz.lib.text import name_key
from svyaz.parties.events import PartyEvent
from svyaz.parties.models import ContactMedium, Household, HouseholdMember, Party, PartyRelationship
from svyaz.workforce.events import WorkforceEvent
from svyaz.workforce.models import AccountAssignment

Kind = PartyRelationship.Kind
Power = PartyRelationship.DecisionPower
_POSTS = (
    ("Генеральный директор", Power.DECIDES), ("Главный бухгалтер", Power.INFLUENCES),
    ("Системный администратор", Power.INFLUENCES), ("Офис-менеджер", Power.USES),
    ("Заместитель директора", Power.DECIDES), ("Начальник ИТ-отдела", Power.DECIDES),
)  # fmt: skip
_LINKED_NUMBERS = 7_000_000


def kin_of(client: Client, born: int) -> Kin | None:
    """Return what the next person shares with this one; one person in eight has a relative among the customers."""
    if client.person is None or client.is_trader or client.address_id is None or client.rng.random() > 0.13:
        return None
    family = client.person.family
    return Kin(
        _male_form(family, is_female=client.person.is_female), client.person.is_female, client.region, client.place,
        client.address_id, client.mobile, client.party_id, born,
    )  # fmt: skip


def _male_form(family: str, *, is_female: bool) -> str:
    """Return the form that `person_name` expects."""
    if not is_female:
        return family
    if family.endswith("ская"):
        return family[:-2] + "ий"
    return family[:-1] if family.endswith(("ва", "на")) else family


def relate_family(world: World, client: Client, kin: Kin) -> None:
    """Join two people in a household; sometimes one pays for the other."""
    rng = client.rng
    title = rng.choice(("муж", "отец", "брат", "сын") if not kin.is_female else ("жена", "мать", "сестра", "дочь"))
    relate(world, client, kin.party_id, Kind.FAMILY, title=title)
    if rng.random() < 0.4:
        relate(world, client, kin.party_id, Kind.PAYER, title=title)
    surname = kin.family if kin.family.endswith(("ко", "ук", "юк", "ых", "их", "ян", "ар", "оз")) else kin.family + "ы"
    if surname.endswith("скийы"):
        surname = surname[:-2] + "е"
    household = world.book.add(Household, name=surname, address_id=kin.address_id)
    for member in (kin.party_id, client.party_id):
        number = world.book.add(HouseholdMember, household_id=household, party_id=member, valid_from=client.since)
        world.book.tell(PartyEvent.HOUSEHOLD_JOINED, "parties.householdmember", number, member, client.at(client.since))


def relate(
    world: World, client: Client, other: int, kind: PartyRelationship.Kind, *, title: str = "",
    power: PartyRelationship.DecisionPower = Power.NONE,
) -> None:  # fmt: skip
    """Gather a relationship: `other` is … of the client."""
    number = world.book.add(
        PartyRelationship, party_id=client.party_id, other_id=other, kind=kind.value, title=title,
        decision_power=power.value, valid_from=client.since,
    )  # fmt: skip
    world.book.tell(
        PartyEvent.RELATED, "parties.partyrelationship", number, client.party_id, client.at(client.since, 12),
        kind=kind.value, other=other,
    )  # fmt: skip


def add_contact_persons(world: World, client: Client) -> None:
    """Gather one to three persons through whom a company speaks, with their power to decide."""
    for order, (post, power) in enumerate(client.rng.sample(_POSTS, client.rng.randint(1, 3))):
        person = _contact_person(world, client, order)
        relate(world, client, person, Kind.CONTACT_PERSON, title=post, power=power)
        client.contact_persons.append(person)


def _contact_person(world: World, client: Client, order: int) -> int:
    rng, at = client.rng, client.at(client.since, 11)
    name = person_name(rng)
    party_id = world.book.add(
        Party, kind=Party.Kind.INDIVIDUAL.value, name=name.full, name_key=name_key(name.full), family_name=name.family,
        given_name=name.given, middle_name=name.middle, gender="female" if name.is_female else "male", language="ru",
        home_area_id=client.place.area_id, created_at=at,
    )  # fmt: skip
    world.book.tell(PartyEvent.CREATED, "parties.party", party_id, party_id, at, name=name.full)
    mobile = f"+7{client.region.mobile}{spread(_LINKED_NUMBERS + client.index * 3 + order)}"
    email = f"{latin(name.given)}.{latin(name.family)}@{client.email.rpartition('@')[2] or 'post.example'}"
    for kind, value in (("mobile", mobile), ("email", email)):
        number = world.book.add(
            ContactMedium, party_id=party_id, kind=kind, value=value, is_preferred=kind == "mobile",
            valid_from=client.since,
        )  # fmt: skip
        world.book.tell(PartyEvent.MEDIUM_ADDED, "parties.contactmedium", number, party_id, at, medium=kind)
    return party_id


def assign_manager(world: World, client: Client) -> None:
    """Give a company, and a customer of the highest tier, an account manager; some had another before."""
    if client.person and client.tier != "platinum":
        return
    last = client.left or world.as_of
    since = day_between(client.rng, client.since, last - timedelta(days=1))
    manager = world.staff.pick(client.rng, "b2b", client.region.code)
    number = world.book.add(
        AccountAssignment, party_id=client.party_id, employee_id=manager.id, valid_from=since, valid_to=client.left
    )
    world.book.tell(
        WorkforceEvent.ACCOUNT_ASSIGNED, "workforce.accountassignment", number, client.party_id, client.at(since),
        employee=manager.id,
    )  # fmt: skip
