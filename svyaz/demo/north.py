"""ООО «Север»: customer, supplier of masts and dealer at once; two bills late."""

from datetime import date, timedelta
from decimal import Decimal

from svyaz.billing.actions import pay_supplier_invoice, receive_supplier_invoice, sign_supplier_invoice
from svyaz.decisions.actions import PromiseDraft, make_promise
from svyaz.demo.chance import chance_of
from svyaz.demo.numbers import company_inn, ogrn
from svyaz.demo.staff import Worker
from svyaz.demo.telling import Telling, bill_two_years, connect, moment, open_postpaid
from svyaz.interactions.actions import InteractionDraft, ParticipantDraft, record_interaction
from svyaz.interactions.models import Interaction
from svyaz.parties.actions import (
    add_address,
    add_medium,
    create_individual,
    create_organization,
    give_consent,
    give_role,
    note_factor,
    relate_parties,
    save_preference,
    sign_agreement,
)
from svyaz.parties.models import Agreement, Party
from svyaz.places.actions import create_address
from svyaz.places.models import Area
from svyaz.services.actions import assign_number
from svyaz.workforce.actions import assign_account_manager
from svyaz.workforce.models import Employee

NAME = "ООО «Север»"
NUMBER = "78160777"
SINCE = date(2016, 10, 3)
SUPPLIES_SINCE = date(2017, 4, 17)
_SERIAL = 95_555


def tell_of_north(telling: Telling) -> None:
    """Tell the company's story: what it buys, what it sells to us, what it sells for us."""
    north = _meet(telling)
    director = _people(telling, north)
    agreement = sign_agreement(
        party=north, number="78-2016-160777", signed_by="Громов П. А.", term="24 месяца", by=telling.system,
        at=moment(SINCE, 11),
    )  # fmt: skip
    _buys(telling, north, agreement)
    _supplies(telling, north)
    _talks(telling, north, director)


def _meet(telling: Telling) -> Party:
    by, at = telling.system, moment(SINCE, 10)
    area = Area.objects.get(code="RU-SPE-NEV")
    inn = company_inn("78", _SERIAL)
    north = create_organization(
        name=NAME, legal_form="ООО", inn=inn, kpp=inn[:4] + "01001", ogrn=ogrn("78", 2009, _SERIAL), home_area=area,
        by=by, at=at,
    )  # fmt: skip
    give_role(party=north, kind="customer", number=NUMBER, tier="platinum", by=by, at=at)
    add_medium(party=north, kind="phone", value="+78125550777", is_preferred=True, by=by, at=at)
    add_medium(party=north, kind="fax", value="+78125550778", by=by, at=at)
    add_medium(party=north, kind="email", value="office@sever.example", by=by, at=at)
    address = create_address(
        area=area, postal_code="193231", locality="Санкт-Петербург", street="пр. Большевиков", house="54 к. 2", by=by,
        at=at,
    )  # fmt: skip
    add_address(party=north, address=address, role="registered", by=by, at=at)
    give_consent(party=north, purpose="service", text_version="service-2016", channel="shop", by=by, at=at)
    save_preference(party=north, kind="channel", value="электронная почта", by=by, at=at)
    return north


def _people(telling: Telling, north: Party) -> Party:
    """Introduce the persons it speaks through; return the director."""
    by, at, people = telling.system, moment(SINCE, 11), []
    for family, given, middle, gender, title, power, mobile in (
        ("Громов", "Павел", "Аркадьевич", "male", "Генеральный директор", "decides", "+79215550701"),
        ("Белова", "Нина", "Васильевна", "female", "Главный бухгалтер", "influences", "+79215550702"),
        ("Юдин", "Артём", "Олегович", "male", "Начальник отдела снабжения", "uses", "+79215550703"),
    ):
        person = create_individual(
            family_name=family, given_name=given, middle_name=middle, gender=gender, home_area=north.home_area, by=by,
            at=at,
        )  # fmt: skip
        add_medium(party=person, kind="mobile", value=mobile, is_preferred=True, by=by, at=at)
        relate_parties(
            party=north, other=person, kind="contact_person", title=title, decision_power=power, by=by, at=at
        )
        people.append(person)
    return people[0]


def _buys(telling: Telling, north: Party, agreement: Agreement) -> None:
    """Connect what it uses; two bills are late."""
    account = open_postpaid(telling, north, agreement, "4781607771", 50000, SINCE)
    by = telling.system
    connect(telling, account, "b2b-internet-500", SINCE, agreement=agreement)
    telephony = connect(telling, account, "b2b-pbx", SINCE, agreement=agreement)
    assign_number(product=telephony, number="+78125550777", by=by, at=moment(SINCE, 12))
    for order in range(4):
        mobile = connect(telling, account, "b2b-mobile", SUPPLIES_SINCE, agreement=agreement)
        assign_number(product=mobile, number=f"+7921555071{order}", by=by, at=moment(SUPPLIES_SINCE, 12))
    monthly = Decimal(4900 + 1900 + 4 * 390)
    bill_two_years(telling, account, monthly, late={4: 9, 5: 3}, unpaid=2, part=Decimal(0), method="bank")
    manager = telling.world.staff.pick(chance_of("north", "manager"), "b2b", "SPE")
    assign_account_manager(party=north, employee=_employee(manager), by=by, at=moment(SUPPLIES_SINCE, 10))


def _supplies(telling: Telling, north: Party) -> None:
    """Make it a supplier and a dealer; the newest invoice waits for a signature."""
    by, at = telling.system, moment(SUPPLIES_SINCE, 10)
    give_role(party=north, kind="supplier", by=by, at=at)
    give_role(party=north, kind="dealer", by=by, at=moment(date(2019, 2, 4), 10))
    sign_agreement(party=north, number="П-17/042", kind="supply", signed_by="Громов П. А.", by=by, at=at)
    sign_agreement(
        party=north, number="Д-19/011", kind="dealer", signed_by="Громов П. А.", by=by, at=moment(date(2019, 2, 4), 10)
    )
    for number, subject, amount, ago, is_signed, is_paid in (
        ("С-118", "Мачты связи 30 м, 2 шт.", 1_240_000, 240, True, True),
        ("С-131", "Мачта связи 18 м и монтаж", 415_000, 130, True, True),
        ("С-140", "Агентское вознаграждение дилера за квартал", 86_400, 48, True, False),
        ("С-147", "Мачты связи 30 м, 4 шт.", 2_480_000, 6, False, False),
    ):
        received = telling.at(ago, 12)
        invoice = receive_supplier_invoice(
            party=north, number=number, subject=subject, amount=Decimal(amount), issued_date=telling.day(ago + 1),
            due_date=telling.day(ago - 30), by=by, at=received,
        )  # fmt: skip
        if is_signed:
            sign_supplier_invoice(invoice=invoice, by=by, at=received + timedelta(days=3))
        if is_paid:
            pay_supplier_invoice(invoice=invoice, by=by, at=received + timedelta(days=24))


def _talks(telling: Telling, north: Party, director: Party) -> None:
    staff, chance = telling.world.staff, chance_of("north", "talks")
    buyer, seller = staff.head("partners", ""), staff.pick(chance, "b2b", "SPE")
    controller = staff.pick(chance, "credit", "")
    _contact(telling, north, director, seller, 64, (11, 5), "meeting", "Канал между офисом и складом", "leased-line",
             "Встреча на объекте: нужен выделенный канал 1 Гбит/с, второй ввод. Решает генеральный директор, бюджет "
             "согласован.")  # fmt: skip
    _contact(telling, north, director, controller, 17, (10, 30), "phone", "Две просрочки", "debt",
             "Напомнили о двух неоплаченных счетах. Главный бухгалтер на больничном, обещали разобраться.",
             inbound=False)  # fmt: skip
    offer = _contact(telling, north, director, buyer, 6, (12, 20), "fax", "Счёт С-147 на четыре мачты", "supply-terms",
                     "Направляем счёт С-147 на четыре мачты связи 30 м. Просим подписать и оплатить в течение 30 "
                     "дней.")  # fmt: skip
    note_factor(party=north, factor="единый счёт на все офисы", weight=4, interaction_id=offer.pk, by=telling.system,
                at=telling.at(6, 13))  # fmt: skip
    letter = _contact(telling, north, director, seller, 2, (15, 45), "email", "Когда будет расчёт канала?",
                      "leased-line",
                      "Добрый день! Ждём коммерческое предложение по каналу.\n\nП. Громов")  # fmt: skip
    make_promise(
        party=north, draft=PromiseDraft("Прислать расчёт выделенного канала", telling.at(0, 17)), decision=None,
        interaction=letter, employee=_employee(seller), by=telling.system, at=telling.at(2, 16),
    )  # fmt: skip


def _contact(
    telling: Telling, north: Party, person: Party, worker: Worker, ago: int, clock: tuple[int, int], channel: str,
    subject: str, topic: str, text: str, *, inbound: bool = True,
) -> Interaction:  # fmt: skip
    draft = InteractionDraft(
        channel=channel, subject=subject, text=text, topic=telling.world.topics[topic],
        direction="inbound" if inbound else "outbound",
        participants=[ParticipantDraft(person, role="генеральный директор", on_behalf_of=north)],
    )  # fmt: skip
    return record_interaction(
        party=north, draft=draft, employee=_employee(worker), by=worker.user or telling.system,
        at=telling.at(ago, *clock),
    )  # fmt: skip


def _employee(worker: Worker) -> Employee:
    return Employee.objects.select_related("department").get(pk=worker.id)
