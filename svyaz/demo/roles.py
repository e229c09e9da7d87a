"""The roles of an operator on one readable page: an installation starts from them and may change them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from svyaz.access.actions import save_role
from svyaz.access.models import Role
from svyaz.access.permissions import AccessPermission
from svyaz.billing.permissions import BillingPermission
from svyaz.decisions.permissions import DecisionPermission
from svyaz.exchange.permissions import ExchangePermission
from svyaz.fields.permissions import FieldPermission
from svyaz.interactions.permissions import InteractionPermission
from svyaz.markets.permissions import MarketPermission
from svyaz.parties.permissions import PartyPermission
from svyaz.places.permissions import PlacePermission
from svyaz.services.permissions import ServicePermission
from svyaz.users.models import User
from svyaz.workforce.permissions import WorkforcePermission


@dataclass(frozen=True)
class RoleDefinition:
    """A role as it is delivered: its names in both languages and its permissions."""

    name: str
    name_en: str
    permissions: frozenset[StrEnum]


# Everyone who talks to customers sees the relationship and remembers what was said, decided and promised.
MEETS_CUSTOMERS: frozenset[StrEnum] = frozenset(
    {
        PartyPermission.READ,
        ServicePermission.READ,
        ServicePermission.READ_CATALOG,
        BillingPermission.READ,
        InteractionPermission.READ,
        InteractionPermission.RECORD,
        DecisionPermission.READ,
        DecisionPermission.MAKE,
        DecisionPermission.RESOLVE_PROMISE,
        MarketPermission.READ,
        MarketPermission.RECORD,
        WorkforcePermission.READ,
    }
)

READS_ONLY: frozenset[StrEnum] = frozenset(
    {
        PartyPermission.READ,
        ServicePermission.READ,
        ServicePermission.READ_CATALOG,
        BillingPermission.READ,
        InteractionPermission.READ,
        DecisionPermission.READ,
        MarketPermission.READ,
        WorkforcePermission.READ,
        ExchangePermission.EXPORT,
    }
)


def _role(name: str, name_en: str, base: Iterable[StrEnum], *more: StrEnum) -> RoleDefinition:
    return RoleDefinition(name, name_en, frozenset({*base, *more}))


ROLES: dict[str, RoleDefinition] = {
    "agent": _role(
        "Оператор контакт-центра", "Call-centre agent", MEETS_CUSTOMERS,
        PartyPermission.WRITE, BillingPermission.PROMISE,
    ),
    "retention": _role(
        "Специалист по удержанию", "Retention specialist", MEETS_CUSTOMERS,
        PartyPermission.WRITE, ServicePermission.WRITE, BillingPermission.PROMISE,
    ),
    "account_manager": _role(
        "Менеджер корпоративных клиентов", "B2B account manager", MEETS_CUSTOMERS,
        PartyPermission.WRITE, PartyPermission.READ_PERSONAL, PartyPermission.MERGE, PartyPermission.UNMERGE,
        ServicePermission.WRITE, BillingPermission.PROMISE, BillingPermission.READ_SUPPLIERS,
        ExchangePermission.EXPORT,
    ),
    "clerk": _role(
        "Специалист офиса продаж", "Shop clerk", MEETS_CUSTOMERS,
        PartyPermission.WRITE, PartyPermission.READ_PERSONAL, PartyPermission.UNMASK, ServicePermission.WRITE,
        BillingPermission.PROMISE,
    ),
    "technician": _role(
        "Инженер технической службы", "Technical service engineer",
        MEETS_CUSTOMERS - {BillingPermission.READ},
        ServicePermission.WRITE,
    ),
    "credit": _role(
        "Специалист кредитного контроля", "Credit controller", MEETS_CUSTOMERS,
        PartyPermission.WRITE, PartyPermission.READ_PERSONAL, PartyPermission.UNMASK, BillingPermission.WRITE,
        BillingPermission.PROMISE, BillingPermission.READ_SUPPLIERS, ExchangePermission.EXPORT,
    ),
    "marketing": _role(
        "Маркетолог", "Marketing specialist", READS_ONLY,
        MarketPermission.RECORD, ServicePermission.MANAGE_CATALOG, InteractionPermission.MANAGE_TOPICS,
    ),
    "quality": _role(
        "Контролёр качества", "Quality controller", READS_ONLY,
        WorkforcePermission.READ_DEPARTMENT, InteractionPermission.MANAGE_TOPICS,
    ),
    "head": _role(
        "Руководитель подразделения", "Head of department", MEETS_CUSTOMERS,
        PartyPermission.WRITE, PartyPermission.READ_PERSONAL, PartyPermission.MERGE, PartyPermission.UNMERGE,
        ServicePermission.WRITE, BillingPermission.PROMISE,
        InteractionPermission.RECORD_FOR_OTHERS, DecisionPermission.APPROVE, WorkforcePermission.READ_DEPARTMENT,
        AccessPermission.REVIEW, ExchangePermission.EXPORT,
    ),
    "partner_manager": _role(
        "Менеджер по партнёрам и поставщикам", "Partner and supplier manager", MEETS_CUSTOMERS,
        PartyPermission.WRITE, BillingPermission.READ_SUPPLIERS, BillingPermission.WRITE_SUPPLIERS,
        ExchangePermission.EXPORT,
    ),
    "dpo": _role(
        "Ответственный за персональные данные", "Data-protection officer", READS_ONLY,
        PartyPermission.WRITE, PartyPermission.READ_PERSONAL, PartyPermission.UNMASK,
        PartyPermission.MERGE, PartyPermission.UNMERGE,
        AccessPermission.REVIEW,
    ),
    "admin": _role(
        "Администратор", "Administrator", READS_ONLY,
        AccessPermission.MANAGE, AccessPermission.MANAGE_ROLES, AccessPermission.REVIEW, PlacePermission.MANAGE,
        MarketPermission.MANAGE, FieldPermission.MANAGE, PartyPermission.WRITE,
        ExchangePermission.READ, ExchangePermission.IMPORT, PartyPermission.MERGE, PartyPermission.UNMERGE,
        ServicePermission.MANAGE_CATALOG, WorkforcePermission.MANAGE,
        WorkforcePermission.READ_DEPARTMENT, InteractionPermission.MANAGE_TOPICS, DecisionPermission.MANAGE_KINDS,
    ),
}  # fmt: skip


def save_roles(*, by: User | None, at: datetime) -> dict[str, Role]:
    """Save every role of the page; return them by code."""
    return {
        code: save_role(
            code=code,
            name=definition.name,
            name_en=definition.name_en,
            permissions=definition.permissions,
            by=by,
            at=at,
        )
        for code, definition in ROLES.items()
    }
