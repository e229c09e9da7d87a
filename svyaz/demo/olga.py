"""Ольга Смирнова: twelve years with us, two bills late, a rival's offer heard yesterday, a call promised for today."""

from datetime import date, timedelta
from decimal import Decimal

from svyaz.billing.actions import promise_payment, resolve_payment_promise
from svyaz.decisions.actions import (
    DecisionDraft,
    GroundDraft,
    PromiseDraft,
    RejectedDraft,
    make_decision,
    make_promise,
    measure_outcomes,
    resolve_promise,
)
from svyaz.demo.telling import Telling, bill_two_years, connect, moment, open_postpaid
from svyaz.interactions.actions import InteractionDraft, record_interaction
from svyaz.interactions.models import Interaction
from svyaz.markets.actions import OfferDraft, record_competitor_offer
from svyaz.parties.actions import (
    add_address,
    add_medium,
    create_individual,
    give_consent,
    give_role,
    join_household,
    note_factor,
    relate_parties,
    save_preference,
    sign_agreement,
    withdraw_consent,
)
from svyaz.parties.models import Agreement, Party
from svyaz.places.actions import create_address
from svyaz.places.models import Area
from svyaz.services.actions import assign_number, record_usage
from svyaz.services.models import Product

NAME = "Смирнова Ольга Сергеевна"
PHONE = "+79215551234"
NUMBER = "78120441"
SINCE = date(2014, 5, 19)
HOME_SINCE = date(2017, 3, 14)
MONTHLY = Decimal(1480)


def tell_of_olga(telling: Telling) -> None:
    """Tell Olga's story in order of time."""
    olga = _meet_olga(telling)
    agreement = _sign(telling, olga)
    products = _connect(telling, olga, agreement)
    _wishes(telling, olga)
    _first_time_she_wanted_to_leave(telling, olga, products)
    _this_month(telling, olga, products)


def _home(telling: Telling) -> Area:
    return Area.objects.get(code="RU-SPE-PRM")


def _meet_olga(telling: Telling) -> Party:
    at, by = moment(SINCE, 10), telling.system
    olga = create_individual(
        family_name="Смирнова", given_name="Ольга", middle_name="Сергеевна", birth_date=date(1984, 9, 2),
        gender="female", language="ru", home_area=_home(telling), by=by, at=at,
    )  # fmt: skip
    give_role(party=olga, kind="customer", number=NUMBER, tier="gold", by=by, at=at)
    add_medium(party=olga, kind="mobile", value=PHONE, is_preferred=True, is_verified=True, by=by, at=at)
    add_medium(party=olga, kind="email", value="olga.smirnova@pochta.example", by=by, at=at)
    igor = create_individual(
        family_name="Смирнов", given_name="Игорь", middle_name="Валентинович", birth_date=date(1981, 2, 27),
        gender="male", language="ru", home_area=_home(telling), by=by, at=at,
    )  # fmt: skip
    add_medium(party=igor, kind="mobile", value="+79215551235", is_preferred=True, by=by, at=at)
    for kind in ("family", "payer"):
        relate_parties(party=olga, other=igor, kind=kind, title="муж", by=by, at=at)
    address = create_address(
        area=_home(telling), postal_code="197373", locality="Санкт-Петербург", street="Комендантский пр.",
        house="17 к. 1", flat="84", by=by, at=at,
    )  # fmt: skip
    add_address(party=olga, address=address, role="actual", by=by, at=at)
    household = join_household(party=olga, name="Смирновы", address=address, by=by, at=at).household
    join_household(party=igor, household=household, by=by, at=at)
    return olga


def _sign(telling: Telling, olga: Party) -> Agreement:
    return sign_agreement(
        party=olga, number="78-2014-120441", signed_by="Смирнова О. С.", by=telling.system, at=moment(SINCE, 10)
    )


def _connect(telling: Telling, olga: Party, agreement: Agreement) -> dict[str, Product]:
    """Connect the three services, with a year of use and two years of bills."""
    account = open_postpaid(telling, olga, agreement, "4781204411", 3000, SINCE)
    mobile = connect(telling, account, "mobile-family", SINCE, agreement=agreement)
    products = {"mobile": mobile}
    for number in (PHONE, "+79215551235"):
        assign_number(product=mobile, number=number, by=telling.system, at=moment(SINCE, 12))
    for key, code in (("internet", "internet-500"), ("tv", "tv-120")):
        products[key] = connect(telling, account, code, HOME_SINCE, agreement=agreement)
    bill_two_years(telling, account, MONTHLY, late={7: 5, 12: 4}, unpaid=2, part=Decimal(450), method="card")
    _pay_as_promised(telling, account.bills.order_by("-due_date").filter(paid_date__isnull=False))
    _use(telling, products)
    return products


def _pay_as_promised(telling: Telling, bills: object) -> None:
    """Two bills were late, and for both Olga kept the day she had named."""
    for bill in sorted(bills, key=lambda bill: bill.due_date):  # type: ignore[call-overload]
        if bill.paid_date <= bill.due_date:
            continue
        promise = promise_payment(
            account=bill.account, amount=bill.amount, due_date=bill.paid_date, by=telling.system,
            at=moment(bill.due_date + timedelta(days=1), 12),
        )  # fmt: skip
        resolve_payment_promise(promise=promise, at=moment(bill.paid_date, 20))


def _use(telling: Telling, products: dict[str, Product]) -> None:
    faults = (0, 0, 1, 0, 0, 1, 2, 1, 3, 4, 5, 7)
    watched = (90, 86, 88, 80, 71, 66, 60, 52, 45, 41, 33, 28)
    for order in range(12):
        month = telling.world.as_of.replace(day=1)
        for _ in range(12 - order):
            month = (month - timedelta(days=1)).replace(day=1)
        at = moment((month + timedelta(days=32)).replace(day=1), 4)
        by = telling.system
        record_usage(
            product=products["internet"], month=month, megabytes=210_000 + 4_000 * order, faults=faults[order],
            amount=Decimal(650), by=by, at=at,
        )  # fmt: skip
        record_usage(
            product=products["mobile"], month=month, minutes=640 + 9 * order, megabytes=34_000 + 300 * (order % 5),
            messages=12, amount=Decimal(630), by=by, at=at,
        )  # fmt: skip
        record_usage(
            product=products["tv"], month=month, megabytes=watched[order] * 1000, amount=Decimal(200), by=by, at=at
        )


def _wishes(telling: Telling, olga: Party) -> None:
    by, at = telling.system, moment(HOME_SINCE, 15)
    save_preference(party=olga, kind="hours", value="после 18:00", source="со слов клиента", by=by, at=at)
    save_preference(party=olga, kind="channel", value="звонок", source="со слов клиента", by=by, at=at)
    evidence = "Договор 78-2014-120441"
    give_consent(party=olga, purpose="service", text_version="service-2017", channel="shop", evidence=evidence, by=by,
                 at=at)  # fmt: skip
    marketing = give_consent(
        party=olga, purpose="marketing", text_version="marketing-2017", channel="shop", evidence=evidence, by=by, at=at
    )
    withdraw_consent(
        consent=marketing, evidence="Устно, по телефону: слишком много рекламы", by=by, at=telling.at(412, 18, 40)
    )


def _first_time_she_wanted_to_leave(telling: Telling, olga: Party, products: dict[str, Product]) -> None:
    """Fourteen months ago: a discount for half a year, and she stayed."""
    at, vera = telling.at(430, 18, 12), telling.user("vera")
    call = record_interaction(
        party=olga,
        draft=InteractionDraft(
            channel="phone", subject="Хочет отключить интернет", topic=telling.world.topics["rival-offer"],
            text="Спрашивает, почему новым абонентам дешевле. Думает сменить оператора интернета. Связью довольна.",
            products=[products["internet"]], medium=PHONE, ended_at=at + timedelta(minutes=9),
        ),
        employee=telling.employee("vera"), by=vera, at=at,
    )  # fmt: skip
    decision = make_decision(
        party=olga,
        draft=DecisionDraft(
            kind=telling.world.kinds["discount"], question="Чем удержать клиента?",
            text="Скидка 10 % на «Домашний 500» на 6 месяцев", measure="скидка", amount=Decimal(10),
            subject_type="product", subject_id=products["internet"].pk,
            grounds=[GroundDraft("interaction", call.pk), GroundDraft("customer.since"), GroundDraft("customer.tier")],
            rejected=[RejectedDraft("Смена тарифа", "скорость нужна для работы из дома")],
            promises=[PromiseDraft("Подтвердить скидку сообщением", at + timedelta(days=1))],
            valid_until=at + timedelta(days=182),
        ),
        interaction=call, maker=telling.employee("vera"), by=vera, at=at + timedelta(minutes=8),
    )  # fmt: skip
    for promise in decision.promises.all():
        resolve_promise(promise=promise, result="kept", by=vera, at=at + timedelta(hours=16))
    measure_outcomes(at=telling.world.moment)


def _this_month(telling: Telling, olga: Party, products: dict[str, Product]) -> None:
    """A complaint by post, a technician's call, and yesterday: the rival's 450 ₽ and a promise to call back."""
    boris, anna = telling.user("boris"), telling.user("anna")
    _contact(
        telling, olga, products["internet"], "boris", 12, (9, 15), "post", "Жалоба на перебои связи, вх. № 1167",
        "claim",
        "Уже две недели по вечерам у меня пропадает интернет. Прошу устранить причину, сделать перерасчёт за прошлый "
        f"месяц и ответить письмом до {telling.day(-18):%d.%m.%Y}, как требует закон.\n\nСмирнова О. С.",
    )  # fmt: skip
    _contact(
        telling, olga, products["internet"], "boris", 11, (11, 40), "phone", "Обрывы после 20:00", "outage",
        "Позвонили по письму. Линейный тест показывает обрывы после 20:00. Передано техникам.", inbound=False,
    )  # fmt: skip
    seen = _contact(
        telling, olga, products["tv"], "boris", 5, (18, 25), "web", "Можно ли отключить часть каналов?",
        "tariff-change", "Телевизор почти не смотрим. Можно ли платить только за детские каналы?",
    )  # fmt: skip
    note_factor(party=olga, factor="цена", weight=4, interaction_id=seen.pk, by=boris, at=telling.at(5, 18, 40))
    call = _contact(
        telling, olga, products["internet"], "anna", 1, (18, 8), "phone", "Просит отключить интернет", "rival-offer",
        "«Ромашка-Телеком» предлагает 450 ₽ на год, роутер в подарок. Связь вечером рвётся, техник так и не пришёл. "
        "Готова подождать до завтра.",
    )  # fmt: skip
    at = telling.at(1, 18, 14)
    note_factor(party=olga, factor="стабильность связи", weight=5, interaction_id=call.pk, by=anna, at=at)
    _hear_of_rival(telling, olga, call)
    due = telling.at(0, 18)
    make_promise(
        party=olga, draft=PromiseDraft("Перезвонить с ответом до 18:00", due), decision=None, interaction=call,
        employee=telling.employee("anna"), by=anna, at=at,
    )  # fmt: skip


def _hear_of_rival(telling: Telling, olga: Party, call: Interaction) -> None:
    rival = Party.objects.get(pk=telling.world.rivals[0].party_id)
    record_competitor_offer(
        party=olga,
        draft=OfferDraft(
            competitor=rival, service_kind="internet", title="Интернет 500", price=Decimal(450), months=12,
            terms="договор на год", gift="роутер", heard_date=telling.day(1), valid_until=telling.day(-14),
        ),
        interaction=call, by=telling.user("anna"), at=telling.at(1, 18, 14),
    )  # fmt: skip


def _contact(
    telling: Telling, olga: Party, product: Product, username: str, ago: int, clock: tuple[int, int], channel: str,
    subject: str, topic: str, text: str, *, inbound: bool = True,
) -> Interaction:  # fmt: skip
    at = telling.at(ago, *clock)
    draft = InteractionDraft(
        channel=channel, subject=subject, text=text, topic=telling.world.topics[topic], products=[product],
        direction="inbound" if inbound else "outbound", medium=PHONE if channel == "phone" else "",
        ended_at=at + timedelta(minutes=6) if channel == "phone" else None,
    )  # fmt: skip
    return record_interaction(
        party=olga, draft=draft, employee=telling.employee(username), by=telling.user(username), at=at
    )
