"""What every part of the load shares: the operator as it stands, and one customer on his way into the base."""

from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from random import Random
from zoneinfo import ZoneInfo

from svyaz.decisions.models import DecisionKind
from svyaz.demo.catalog import Tariff
from svyaz.demo.copying import Book
from svyaz.demo.geography import Place, Region
from svyaz.demo.names import PersonName
from svyaz.demo.staff import Staff, Worker
from svyaz.demo.talks import Talk
from svyaz.interactions.models import Topic
from svyaz.users.models import User

MOSCOW = ZoneInfo("Europe/Moscow")


@dataclass(frozen=True)
class Rival:
    """A competitor: its party and the regions in which it sells."""

    party_id: int
    name: str
    regions: tuple[str, ...]


@dataclass
class World:
    """The operator on the morning of its day: everything that happened lies before `moment`."""

    book: Book
    as_of: date
    system: User
    admin: User
    regions: dict[str, Region]
    staff: Staff
    offerings: dict[str, int]
    topics: dict[str, Topic]
    kinds: dict[str, DecisionKind]
    limits: dict[tuple[str, str], Decimal | None]
    rivals: tuple[Rival, ...] = ()

    @property
    def moment(self) -> datetime:
        """Return midnight before the day of the load, at the head office."""
        return datetime.combine(self.as_of, time(), MOSCOW)


@dataclass
class Held:
    """A product of a customer."""

    id: int
    tariff: Tariff
    price: Decimal
    since: date
    until: date | None
    number: str = ""
    faults: int = 0

    def runs_in(self, first: date, last: date) -> bool:
        """Tell whether the product ran on some day of a span."""
        return self.since <= last and (self.until is None or self.until > first)


@dataclass
class Late:
    """A bill that was not paid in time: what a call about a debt is about."""

    bill_id: int
    number: str
    amount: Decimal
    due: date
    paid: date | None


@dataclass
class Contact:
    """One contact while its rows are gathered."""

    id: int
    at: datetime
    talk: Talk
    channel: str
    inbound: bool
    worker: Worker
    text: str
    until: date
    rival: Rival | None
    price: int
    held: Held | None
    late: Late | None


@dataclass
class Decided:
    """A decision that later contacts meet."""

    id: int
    kind: str
    contact: Contact
    at: datetime
    until: datetime | None
    in_force: bool
    refused: bool = False


@dataclass
class Client:
    """One customer while his rows are gathered."""

    index: int
    rng: Random
    region: Region
    place: Place
    party_id: int
    name: str
    person: PersonName | None
    number: str
    since: date
    left: date | None
    tier: str
    mobile: str = ""
    email: str = ""
    address_id: int | None = None
    agreement_id: int | None = None
    role_id: int = 0
    products: list[Held] = field(default_factory=list)
    lates: list[Late] = field(default_factory=list)
    prepaid: bool = False
    is_trader: bool = False
    contact_persons: list[int] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)
    decided: list[Decided] = field(default_factory=list)

    @property
    def is_business(self) -> bool:
        """Tell a company or sole trader from a household."""
        return self.person is None or self.is_trader

    @property
    def is_female(self) -> bool:
        """Tell the gender that texts need."""
        return self.person is not None and self.person.is_female

    def at(self, day: date, hour: int = 10) -> datetime:
        """Return an hour of a day on the customer's clock."""
        return datetime.combine(day, time(hour), self.region.zone)
