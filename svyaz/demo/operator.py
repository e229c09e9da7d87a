"""The operator itself: system and administrator, areas, roles, topics, kinds of decisions, catalogue, rivals, staff."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from svyaz.access.actions import create_user
from svyaz.access.models import Role
from svyaz.decisions.actions import save_kind, set_limit
from svyaz.decisions.models import DecisionKind
from svyaz.demo.catalog import RIVALS, TARIFFS
from svyaz.demo.copying import Book
from svyaz.demo.geography import create_geography
from svyaz.demo.kinds import KINDS
from svyaz.demo.numbers import company_inn
from svyaz.demo.roles import save_roles
from svyaz.demo.staff import Staff, create_administrator, hire_everyone
from svyaz.demo.topics import TOPICS
from svyaz.demo.world import MOSCOW, Rival, World
from svyaz.interactions.actions import save_topic
from svyaz.interactions.models import Topic
from svyaz.lib.text import name_key
from svyaz.markets.events import MarketEvent
from svyaz.parties.events import PartyEvent
from svyaz.parties.models import Party, PartyRole
from svyaz.services.events import ServiceEvent
from svyaz.services.models import ProductOffering
from svyaz.users.models import User

YEARS = 12
# The cast's story begins here, whatever the day of the load.
FIRST_DAY = date(2014, 1, 13)


def opening_day(as_of: date) -> date:
    """Return since when the operator works: twelve years, and long enough for the cast's story."""
    return min(as_of - timedelta(days=365 * YEARS + 60), FIRST_DAY)


def create_system_user(*, at: datetime) -> User:
    """Create the user in whose name the history of earlier years was taken over; nobody can log in as it."""
    return create_user(username="system", name="Система", password=None, kind=User.Kind.SYSTEM, by=None, at=at)


def create_operator(book: Book, system: User, as_of: date) -> World:
    """Create everything that stands before the first customer comes."""
    opened = opening_day(as_of)
    at = datetime.combine(opened, time(9), MOSCOW)
    roles = save_roles(by=system, at=at)
    admin = create_administrator(roles=roles, by=system, at=at)
    regions = create_geography(by=admin, at=at)
    kinds, limits = _create_kinds(roles, by=admin, at=at)
    staff = Staff(book, roles, admin, opened, as_of)
    hire_everyone(staff, regions)
    world = World(
        book, as_of, system, admin, regions, staff, _add_catalog(book, admin, at), _create_topics(by=admin, at=at),
        kinds, limits,
    )  # fmt: skip
    world.rivals = tuple(_add_rival(world, serial, at) for serial in range(len(RIVALS)))
    return world


def _create_topics(*, by: User, at: datetime) -> dict[str, Topic]:
    topics: dict[str, Topic] = {}
    for code, parent, name, name_en in TOPICS:
        topics[code] = save_topic(
            code=code, name=name, name_en=name_en, parent=topics[parent] if parent else None, by=by, at=at
        )
    return topics


def _create_kinds(
    roles: Mapping[str, Role], *, by: User, at: datetime
) -> tuple[dict[str, DecisionKind], dict[tuple[str, str], Decimal | None]]:
    """Save the kinds of decisions, and how far each role decides alone; return both."""
    kinds, limits = {}, {}
    for plan in KINDS:
        kinds[plan.code] = save_kind(
            code=plan.code, name=plan.name, name_en=plan.name_en, unit=plan.unit,
            outcome_after_days=plan.judged_after, by=by, at=at,
        )  # fmt: skip
        for role, limit in plan.limits.items():
            amount = None if limit is None else Decimal(limit)
            set_limit(kind=kinds[plan.code], role=roles[role], amount=amount, by=by, at=at)
            limits[plan.code, role] = amount
    return kinds, limits


def _add_catalog(book: Book, by: User, at: datetime) -> dict[str, int]:
    """Gather the catalogue; bundles name their parts."""
    offerings: dict[str, int] = {}
    for tariff in TARIFFS:
        status = ProductOffering.Status.RETIRED if tariff.retired else ProductOffering.Status.ACTIVE
        offerings[tariff.code] = book.add(
            ProductOffering, code=tariff.code, kind=str(tariff.kind), name=tariff.name, name_en=tariff.name_en,
            description=tariff.description, price=tariff.amount, status=status.value,
        )  # fmt: skip
        book.tell(
            ServiceEvent.OFFERING_SAVED, "services.productoffering", offerings[tariff.code], None, at, by=by.pk,
            code=tariff.code,
        )  # fmt: skip
        for part in tariff.parts:
            book.add(
                ProductOffering.parts.through, from_productoffering_id=offerings[tariff.code],
                to_productoffering_id=offerings[part],
            )  # fmt: skip
    return offerings


def _add_rival(world: World, serial: int, at: datetime) -> Rival:
    """Gather a competitor: a company that is no customer."""
    full, name, digits, regions = RIVALS[serial]
    home = world.regions[regions[0]].area.pk if len(regions) == 1 else None
    inn = company_inn(digits, 90_000 + serial)
    party_id = world.book.add(
        Party, kind=Party.Kind.ORGANIZATION.value, name=full, name_key=name_key(full), legal_form=full.split(" ")[0],
        inn=inn, kpp=inn[:4] + "01001", home_area_id=home, created_at=at,
    )  # fmt: skip
    role = world.book.add(
        PartyRole, party_id=party_id, kind=PartyRole.Kind.COMPETITOR.value, valid_from=at.date(),
    )  # fmt: skip
    world.book.tell(PartyEvent.CREATED, "parties.party", party_id, party_id, at, name=full)
    world.book.tell(MarketEvent.COMPETITOR_ADDED, "parties.partyrole", role, party_id, at, name=full)
    return Rival(party_id, name, regions)
