"""What the tellers of the cast's story share: its people, its days, its bills."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from svyaz.billing.actions import issue_bill, open_account, pay_for_product, receive_payment
from svyaz.billing.models import BillingAccount, Payment
from svyaz.demo.chance import month_start
from svyaz.demo.world import MOSCOW, World
from svyaz.parties.models import Agreement, Party
from svyaz.services.actions import connect_product
from svyaz.services.models import Product, ProductOffering
from svyaz.users.models import User
from svyaz.workforce.models import Employee
from svyaz.workforce.queries import employee_of

BILLED_MONTHS = 24
_DUE_DAYS = 20


@dataclass
class Telling:
    """What the tellers of the story share."""

    world: World

    @property
    def system(self) -> User:
        """Return in whose name machines act."""
        return self.world.system

    def user(self, username: str) -> User:
        """Return one of the cast as a user."""
        user = self.world.staff.of_user(username).user
        assert user is not None
        return user

    def employee(self, username: str) -> Employee:
        """Return one of the cast as an employee."""
        employee = employee_of(self.user(username))
        assert employee is not None
        return employee

    def day(self, ago: int) -> date:
        """Return the day so many days before the load's."""
        return self.world.as_of - timedelta(days=ago)

    def at(self, ago: int, hour: int, minute: int = 0) -> datetime:
        """Return a moment so many days before the load's, on Petersburg's clock."""
        return moment(self.day(ago), hour, minute)

    def offering(self, code: str) -> ProductOffering:
        """Return an offering of the catalogue."""
        return ProductOffering.objects.get(pk=self.world.offerings[code])


def moment(day: date, hour: int, minute: int = 0) -> datetime:
    """Return a moment of a day on Petersburg's clock."""
    return datetime.combine(day, time(hour, minute), MOSCOW)


def open_postpaid(
    telling: Telling, party: Party, agreement: Agreement, number: str, limit: int, since: date
) -> BillingAccount:
    """Open an account with bills."""
    return open_account(
        party=party, number=number, kind=BillingAccount.Kind.POSTPAID, agreement=agreement,
        credit_limit=Decimal(limit), by=telling.system, at=moment(since, 11),
    )  # fmt: skip


def connect(
    telling: Telling, account: BillingAccount, code: str, since: date, *, agreement: Agreement, price: int | None = None
) -> Product:
    """Connect an offering and let the account pay for it."""
    product = connect_product(
        party=account.party, offering=telling.offering(code), agreement=agreement, by=telling.system,
        price=None if price is None else Decimal(price), at=moment(since, 12),
    )  # fmt: skip
    pay_for_product(account=account, product=product, by=telling.system, at=moment(since, 12))
    return product


def bill_two_years(
    telling: Telling, account: BillingAccount, amount: Decimal, *, late: dict[int, int], unpaid: int, part: Decimal,
    method: str,
) -> None:  # fmt: skip
    """Bill an account for two years, month by month in order of time.

    `late` says which bills (counted from the newest overdue one) were paid so many days after the term; the newest
    `unpaid` overdue bills are open, all but the last of them up to `part`.
    """
    months = [month_start(telling.world.as_of, ago) for ago in range(BILLED_MONTHS, 0, -1)]
    overdue = [month for month in months if month_start(month, -1) + timedelta(days=_DUE_DAYS) < telling.world.as_of]
    for month in months:
        issued = month_start(month, -1)
        due = issued + timedelta(days=_DUE_DAYS)
        place = overdue[::-1].index(month) if month in overdue else -1
        issue_bill(
            account=account, number=f"{account.number}-{month:%y%m}", month=month, amount=amount, due_date=due,
            by=telling.system, at=moment(issued, 6),
        )  # fmt: skip
        if place >= unpaid:
            _pay(telling, account, amount, due + timedelta(days=late.get(place, -6)), method)
        elif place == unpaid - 1 and part:
            _pay(telling, account, amount - part, min(due + timedelta(days=3), telling.day(1)), method)


def _pay(telling: Telling, account: BillingAccount, amount: Decimal, day: date, method: str) -> None:
    receive_payment(
        account=account, amount=amount, method=Payment.Method(method).value, by=telling.system, at=moment(day, 19, 20)
    )
