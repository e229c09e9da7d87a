"""What customers have: products, the numbers on them, and months of use."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from svyaz.demo.catalog import BY_CODE, Tariff, tariffs
from svyaz.demo.chance import day_between, month_start, weighted
from svyaz.demo.numbers import spread
from svyaz.demo.world import Client, Held, World
from svyaz.services.events import ServiceEvent
from svyaz.services.models import NumberAssignment, Product, ProductOffering, Usage

Kind = ProductOffering.Kind
METERED = {Kind.MOBILE, Kind.INTERNET, Kind.TV, Kind.FIXED_VOICE, Kind.BUNDLE, Kind.IOT}
_OPERATORS = ("Полюс Мобайл", "Ромашка-Телеком", "Уральские Сети")
# A fleet of a company's numbers lies beyond those of the first numbers of all customers.
_FLEET = 4_000_000


def connect_products(world: World, client: Client) -> None:
    """Gather one to four products of a customer, with numbers and use."""
    choice = list(_wanted_by_company(client) if client.is_business else _wanted(client))
    for order, tariff in enumerate(choice):
        _connect(world, client, tariff, order)
    if not client.person and client.index % 70 == 0:
        for order in range(len(choice), len(choice) + client.rng.randint(5, 40)):
            _connect(world, client, BY_CODE["b2b-mobile"], order)


def _wanted(client: Client) -> Iterator[Tariff]:
    rng = client.rng
    if rng.random() < 0.12:
        yield weighted(rng, tariffs(Kind.BUNDLE, business=False))
    else:
        has_internet = rng.random() < 0.58
        if not has_internet or rng.random() < 0.7:
            yield weighted(rng, tariffs(Kind.MOBILE, business=False))
        if has_internet:
            yield weighted(rng, tariffs(Kind.INTERNET, business=False))
            if rng.random() < 0.34:
                yield weighted(rng, tariffs(Kind.TV, business=False))
            if rng.random() < 0.2:
                yield BY_CODE["router-rent"]
        elif rng.random() < 0.1:
            yield BY_CODE["voice-home"]
    if rng.random() < 0.22:
        yield weighted(rng, tariffs(Kind.VAS, business=False))


def _wanted_by_company(client: Client) -> Iterator[Tariff]:
    rng = client.rng
    yield weighted(rng, tariffs(rng.choice((Kind.INTERNET, Kind.INTERNET, Kind.MOBILE)), business=True))
    for kind, share in ((Kind.FIXED_VOICE, 0.6), (Kind.VAS, 0.2), (Kind.IOT, 0.15), (Kind.TV, 0.02)):
        if rng.random() < share:
            yield weighted(rng, tariffs(kind, business=True))


def _connect(world: World, client: Client, tariff: Tariff, order: int) -> None:
    rng = client.rng
    last = client.left or world.as_of
    since = client.since if order == 0 else day_between(rng, client.since, last - timedelta(days=1))
    until = client.left
    if until is None and order > 1 and rng.random() < 0.1 and (last - since).days > 60:
        until = day_between(rng, since + timedelta(days=30), last)
    price = tariff.amount if rng.random() < 0.8 else tariff.amount - Decimal(rng.choice((10, 30, 50)))
    price = max(price, Decimal(20))
    status = Product.Status.TERMINATED if until else Product.Status.ACTIVE
    if until is None and rng.random() < 0.015:
        status = Product.Status.SUSPENDED
    number = world.book.add(
        Product, party_id=client.party_id, offering_id=world.offerings[tariff.code], agreement_id=client.agreement_id,
        address_id=client.address_id if tariff.kind in {Kind.INTERNET, Kind.TV, Kind.BUNDLE} else None,
        status=status.value, price=price, valid_from=since, valid_to=until,
        characteristics={"speed_mbps": int(tariff.code.rsplit("-", 1)[1])}
        if tariff.kind == Kind.INTERNET and tariff.code[-1].isdigit()
        else {},
    )  # fmt: skip
    held = Held(number, tariff, price, since, until)
    client.products.append(held)
    _tell_connection(world, client, held)
    if tariff.kind in {Kind.MOBILE, Kind.FIXED_VOICE, Kind.IOT}:
        _assign_number(world, client, held, order)
    if tariff.kind in METERED:
        _add_usage(world, client, held)


def _tell_connection(world: World, client: Client, held: Held) -> None:
    world.book.tell(
        ServiceEvent.PRODUCT_CONNECTED, "services.product", held.id, client.party_id, client.at(held.since, 11),
        offering=held.tariff.code,
    )  # fmt: skip
    if held.until:
        world.book.tell(
            ServiceEvent.PRODUCT_DISCONNECTED, "services.product", held.id, client.party_id, client.at(held.until, 11),
            offering=held.tariff.code,
        )  # fmt: skip


def _assign_number(world: World, client: Client, held: Held, order: int) -> None:
    """Put a number on a product: a person's first mobile is the one he is reached on."""
    region = client.region
    if held.tariff.kind == Kind.FIXED_VOICE:
        held.number = f"+7{region.landline}{spread(client.index + 3_000_000 + (order and 5_000_000))}"
    elif order == 0 and client.person:
        held.number = client.mobile
    else:
        held.number = f"+7{region.mobile}{spread(_FLEET + client.index * 60 + order)}"
    ported = held.tariff.kind == Kind.MOBILE and client.rng.random() < 0.08
    number = world.book.add(
        NumberAssignment, number=held.number, product_id=held.id, valid_from=held.since, valid_to=held.until,
        donor=client.rng.choice(_OPERATORS) if ported else "",
    )  # fmt: skip
    world.book.tell(
        ServiceEvent.NUMBER_ASSIGNED, "services.numberassignment", number, client.party_id, client.at(held.since, 11),
        number=held.number,
    )  # fmt: skip


def _add_usage(world: World, client: Client, held: Held) -> None:
    """Gather the last six to twelve months of use."""
    rng = client.rng
    level = rng.lognormvariate(0, 0.6)
    fault_rate = 0.06 if rng.random() < 0.9 else 1.4
    drift = rng.uniform(-0.06, 0.05)
    for ago in range(rng.randint(6, 12), 0, -1):
        month = month_start(world.as_of, ago)
        if not held.runs_in(month, month_start(world.as_of, ago - 1) - timedelta(days=1)):
            continue
        scale = level * (1 + drift * (12 - ago)) * rng.uniform(0.75, 1.25)
        faults = int(rng.expovariate(1) * fault_rate + 0.15)
        held.faults = faults
        _add_month(world, client, held, month, scale, faults)


def _add_month(world: World, client: Client, held: Held, month: date, scale: float, faults: int) -> None:
    kind = held.tariff.kind
    speaks = kind in {Kind.MOBILE, Kind.FIXED_VOICE}
    gigabytes = {Kind.MOBILE: 14, Kind.INTERNET: 160, Kind.BUNDLE: 240, Kind.TV: 90, Kind.IOT: 0.02}.get(Kind(kind), 0)
    world.book.add(
        Usage, party_id=client.party_id, product_id=held.id, month=month,
        minutes=int(320 * scale) if speaks else 0, megabytes=int(gigabytes * 1024 * scale),
        messages=int(25 * scale) if kind == Kind.MOBILE else 0, amount=held.price, faults=faults,
    )  # fmt: skip
