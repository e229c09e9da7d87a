"""Kinds of decisions, and up to which amount each role decides alone."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class KindPlan:
    """A kind of decision with its unit, the days after which it is judged, and the limits by role (None: no limit)."""

    code: str
    name: str
    name_en: str
    unit: str = ""
    judged_after: int = 90
    limits: Mapping[str, int | None] = field(default_factory=dict)


_EVERYONE: Mapping[str, int | None] = dict.fromkeys(
    ("agent", "retention", "account_manager", "clerk", "technician", "credit", "head", "partner_manager")
)

KINDS: tuple[KindPlan, ...] = (
    KindPlan("discount", "Скидка", "Discount", "%", 90,
             {"agent": 15, "retention": 20, "clerk": 5, "account_manager": 15, "head": 30}),
    KindPlan("recalculation", "Перерасчёт", "Recalculation", "₽", 60,
             {"agent": 500, "retention": 1500, "clerk": 500, "technician": 1000, "credit": 3000,
              "account_manager": 5000, "head": 10000}),
    KindPlan("compensation", "Компенсация", "Compensation", "₽", 60,
             {"agent": 300, "retention": 1000, "account_manager": 3000, "head": 5000}),
    KindPlan("deferral", "Отсрочка платежа", "Payment deferral", "дн.", 45,
             {"agent": 7, "retention": 7, "clerk": 7, "account_manager": 14, "credit": 30, "head": 45}),
    KindPlan("tariff", "Смена тарифа", "Change of tariff", "", 90, _EVERYONE),
    KindPlan("equipment", "Оборудование в подарок", "Equipment as a gift", "₽", 90,
             {"retention": 3000, "clerk": 2000, "head": 6000}),
    KindPlan("visit", "Выезд мастера", "Technician's visit", "", 30, _EVERYONE),
    KindPlan("survey", "Техническое обследование", "Technical survey", "", 60,
             {"account_manager": None, "technician": None, "head": None}),
    KindPlan("follow-up", "Разобраться и ответить", "Look into it and answer", "", 30, _EVERYONE),
    KindPlan("refusal", "Отказ", "Refusal", "", 60, {"credit": None, "head": None, "agent": None, "clerk": None}),
    KindPlan("credit-limit", "Кредитный лимит", "Credit limit", "₽", 180, {"credit": 10000, "head": 100000}),
    KindPlan("supplier-terms", "Условия с поставщиком", "Terms with a supplier", "дн.", 90,
             {"partner_manager": 30, "head": 60}),
)  # fmt: skip
