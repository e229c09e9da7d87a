"""The cast: fixed people and companies that every test may meet. Anna, Boris and Vera work in Saint Petersburg, Gleb
in Novosibirsk and is a stranger to Olga, who is a customer in Saint Petersburg; Sever wears three hats."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from svyaz.access.actions import assign_role, create_user
from svyaz.access.models import Role
from svyaz.billing.models import Bill, BillingAccount
from svyaz.decisions.actions import save_kind, set_limit
from svyaz.decisions.models import DecisionKind
from svyaz.demo.roles import ROLES, save_roles
from svyaz.interactions.actions import save_topic
from svyaz.interactions.models import Topic
from svyaz.parties.actions.create import create_individual, create_organization
from svyaz.parties.actions.media import add_medium
from svyaz.parties.actions.roles import give_role
from svyaz.parties.models import Party, PartyRole
from svyaz.places.actions import create_area
from svyaz.places.models import Area
from svyaz.services.models import Product, ProductOffering
from svyaz.users.models import User
from svyaz.workforce.actions import appoint_head, hire_employee
from svyaz.workforce.models import Department, Employee

NOON = datetime(2026, 5, 19, 9, 0, tzinfo=UTC)
PASSWORD = "svyaz-demo"
OLGAS_PHONE = "+79215551234"
# Every role of an operator, for promises that must hold for each.
ROLE_CODES = sorted(ROLES)


@pytest.fixture
def noon() -> datetime:
    """Tuesday, 19 May 2026, noon in Moscow."""
    return NOON


@pytest.fixture
def country(db: None) -> Area:
    return create_area(kind="country", code="RU", name="Россия", name_en="Russia", parent=None, by=None, at=NOON)


@pytest.fixture
def spb(country: Area) -> Area:
    return create_area(
        kind="region",
        code="RU-SPE",
        name="Санкт-Петербург",
        name_en="Saint Petersburg",
        parent=country,
        by=None,
        at=NOON,
    )


@pytest.fixture
def primorsky(spb: Area) -> Area:
    return create_area(kind="district", code="40322000", name="Приморский район", parent=spb, by=None, at=NOON)


@pytest.fixture
def novosibirsk(country: Area) -> Area:
    return create_area(
        kind="region", code="RU-NVS", name="Новосибирская область", name_en="Novosibirsk Oblast", parent=country,
        time_zone="Asia/Novosibirsk", by=None, at=NOON,
    )  # fmt: skip


@pytest.fixture
def roles(db: None) -> dict[str, Role]:
    return save_roles(by=None, at=NOON)


@pytest.fixture
def retention(db: None) -> Department:
    return Department.objects.create(
        code="retention", name="Удержание", name_en="Retention", valid_from=date(2020, 1, 1)
    )


@pytest.fixture
def far_shops(novosibirsk: Area) -> Department:
    return Department.objects.create(
        code="shops-nvs", name="Салоны", name_en="Shops", area=novosibirsk, valid_from=date(2020, 1, 1)
    )


def hired(user: User, department: Department, position: str) -> Employee:
    """Make a user an employee of a department."""
    return hire_employee(
        number=f"E-{user.username}", name=user.name, user=user, department=department, position=position,
        hired_date=date(2020, 1, 1), by=None, at=NOON,
    )  # fmt: skip


def person(username: str, name: str, role: Role, area: Area | None) -> User:
    """Create a user who holds a role in an area."""
    user = create_user(username=username, name=name, password=PASSWORD, by=None, at=NOON)
    assign_role(user=user, role=role, area=area, by=None, at=NOON - timedelta(days=365))
    return user


@pytest.fixture
def anna(roles: dict[str, Role], spb: Area, retention: Department) -> User:
    """A call-centre agent in Saint Petersburg."""
    user = person("anna", "Анна Козлова", roles["agent"], spb)
    hired(user, retention, "Оператор")
    return user


@pytest.fixture
def boris(roles: dict[str, Role], spb: Area, retention: Department) -> User:
    """Anna's colleague."""
    user = person("boris", "Борис Новиков", roles["agent"], spb)
    hired(user, retention, "Оператор")
    return user


@pytest.fixture
def vera(roles: dict[str, Role], spb: Area, retention: Department) -> User:
    """Head of their department."""
    user = person("vera", "Вера Лебедева", roles["head"], spb)
    appoint_head(department=retention, head=hired(user, retention, "Руководитель"), by=None, at=NOON)
    retention.refresh_from_db()
    return user


@pytest.fixture
def gleb(roles: dict[str, Role], novosibirsk: Area, far_shops: Department) -> User:
    """A stranger: an agent of another region."""
    user = person("gleb", "Глеб Орлов", roles["agent"], novosibirsk)
    hired(user, far_shops, "Оператор")
    return user


@pytest.fixture
def reader(roles: dict[str, Role]) -> User:
    """May log in and nothing more."""
    return create_user(username="reader", name="Читатель", password=PASSWORD, by=None, at=NOON)


@pytest.fixture
def admin(roles: dict[str, Role]) -> User:
    return person("admin", "Администратор", roles["admin"], None)


@pytest.fixture
def anna_employee(anna: User) -> Employee:
    return Employee.objects.get(user=anna)


@pytest.fixture
def boris_employee(boris: User) -> Employee:
    return Employee.objects.get(user=boris)


@pytest.fixture
def vera_employee(vera: User) -> Employee:
    return Employee.objects.get(user=vera)


@pytest.fixture
def gleb_employee(gleb: User) -> Employee:
    return Employee.objects.get(user=gleb)


@pytest.fixture
def olga(primorsky: Area) -> Party:
    """A consumer since 2014, gold, with a mobile phone."""
    party = create_individual(
        family_name="Смирнова", given_name="Ольга", middle_name="Ивановна", gender="female", home_area=primorsky,
        birth_date=date(1984, 3, 8), by=None, at=NOON,
    )  # fmt: skip
    give_role(
        party=party, kind="customer", number="78120441", tier="gold", valid_from=date(2014, 4, 1), by=None, at=NOON
    )
    add_medium(party=party, kind="mobile", value=OLGAS_PHONE, by=None, at=NOON)
    return party


@pytest.fixture
def olga_customer(olga: Party) -> PartyRole:
    return PartyRole.objects.get(party=olga)


@pytest.fixture
def sever(spb: Area) -> Party:
    """A company that is customer, supplier and dealer at once."""
    party = create_organization(
        name="Север", legal_form="ООО", inn="7707083893", kpp="770701001", home_area=spb, by=None, at=NOON
    )
    for kind in ("customer", "supplier", "dealer"):
        give_role(party=party, kind=kind, valid_from=date(2019, 1, 1), by=None, at=NOON)
    return party


@pytest.fixture
def romashka(db: None) -> Party:
    """A competitor."""
    party = create_organization(name="Ромашка-Телеком", legal_form="ООО", by=None, at=NOON)
    give_role(party=party, kind="competitor", by=None, at=NOON)
    return party


@pytest.fixture
def internet(db: None) -> ProductOffering:
    return ProductOffering.objects.create(
        code="home-500", kind="internet", name="Домашний 500", name_en="Home 500", price=Decimal(650)
    )


@pytest.fixture
def olgas_internet(olga: Party, internet: ProductOffering) -> Product:
    return Product.objects.create(party=olga, offering=internet, price=Decimal(650), valid_from=date(2019, 2, 1))


@pytest.fixture
def olgas_account(olga: Party) -> BillingAccount:
    return BillingAccount.objects.create(
        party=olga, number="ЛС-1", kind="postpaid", credit_limit=Decimal(3000), valid_from=date(2014, 4, 1)
    )


@pytest.fixture
def olgas_late_bill(olga: Party, olgas_account: BillingAccount) -> Bill:
    return Bill.objects.create(
        party=olga, account=olgas_account, number="2026-04", month=date(2026, 4, 1), issued_date=date(2026, 4, 5),
        due_date=date(2026, 4, 25), amount=Decimal("965.00"),
    )  # fmt: skip


@pytest.fixture
def outage(db: None) -> Topic:
    return save_topic(code="outage", name="Обрывы связи", name_en="Connection drops", by=None, at=NOON)


@pytest.fixture
def discount(roles: dict[str, Role]) -> DecisionKind:
    """Discounts in per cent: an agent gives up to 15, a head up to 30."""
    kind = save_kind(code="discount", name="Скидка", name_en="Discount", unit="%", by=None, at=NOON)
    set_limit(kind=kind, role=roles["agent"], amount=Decimal(15), by=None, at=NOON)
    set_limit(kind=kind, role=roles["head"], amount=Decimal(30), by=None, at=NOON)
    return kind
