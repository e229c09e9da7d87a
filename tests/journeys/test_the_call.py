"""Story 1, the call: what Anna decides stands in front of Boris, who keeps it with one key. In both languages."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Desk
from tests.journeys.steps import (
    Picture,
    log_in,
    log_out,
    open_first,
    party_of,
    pin,
    promise_by_friday,
    rows,
    save,
    search,
    speak_again_as_before,
)

PHONE = "+7 921 555-12-34"
SAID = {
    "ru": {
        "bills": "2 счёта просрочено",
        "in_force": "В силе",
        "kept": "Оставлено",
        "call": "Подтвердила скидку, перезвоню в пятницу.",
        "decision": "Скидка 15 % на домашний интернет на 6 месяцев",
        "promise": "Подтвердить скидку сообщением",
        "subject": "Когда заработает скидка?",
        "email": "Спрашивает, с какого числа скидка. Ответил: решение в силе, подтверждение в пятницу.",
    },
    "en": {
        "bills": "2 bills overdue",
        "in_force": "In force",
        "kept": "Kept",
        "call": "Confirmed the discount, will call back on Friday.",
        "decision": "15 % off home internet for 6 months",
        "promise": "Confirm the discount by message",
        "subject": "When does the discount begin?",
        "email": "Asks when the discount begins. Answered: the decision stands, confirmation on Friday.",
    },
}


@pytest.fixture(params=["ru", "en"])
def spoken(request: pytest.FixtureRequest, live_desk: Desk) -> Iterator[str]:
    yield request.param
    speak_again_as_before(live_desk.database.application)


@pytest.fixture
def language(spoken: str) -> str:
    return {"ru": "ru-RU", "en": "en-US"}[spoken]


def test_a_decision_made_in_a_call_is_kept_at_the_next_contact(
    page: Page, live_desk: Desk, picture: Picture, spoken: str
) -> None:
    said = SAID[spoken]
    page.goto("/")
    picture(f"call-{spoken}-1-log-in")
    log_in(page, "anna", spoken)
    picture(f"call-{spoken}-2-day")

    see_everything_before_answering(page, picture, spoken)
    party_id = party_of(page)
    take_the_call(page, picture, spoken)
    log_out(page)

    log_in(page, "boris", spoken)
    find_the_decision_in_front(page, picture, spoken)
    keep_it_with_one_key(page, picture, spoken)
    log_out(page)

    the_data_base_knows_it_once(live_desk.database.application, party_id, said)


def see_everything_before_answering(page: Page, picture: Picture, spoken: str) -> None:
    options = search(page, PHONE)
    expect(options.first).to_contain_text("Смирнова Ольга Сергеевна")
    picture(f"call-{spoken}-3-search")
    open_first(page)
    expect(page.locator("h1")).to_contain_text("Смирнова Ольга Сергеевна")
    expect(page.locator("#services .row [data-pin][value^='product:']")).to_have_count(3)
    front = page.locator("#front")
    expect(front).to_contain_text(SAID[spoken]["bills"])
    expect(front).to_contain_text("Перезвонить с ответом до 18:00")
    expect(page.locator("#offers")).to_contain_text("Ромашка-Телеком")
    expect(page.locator("#offers")).to_contain_text("450")
    picture(f"call-{spoken}-4-before-answering")


def take_the_call(page: Page, picture: Picture, spoken: str) -> None:
    said = SAID[spoken]
    page.keyboard.press("c")
    page.keyboard.type(said["call"])
    page.keyboard.press("Escape")
    pin(page, "АО «Ромашка-Телеком»")
    pin(page, said["bills"])
    expect(page.locator("#composer [data-grounds] .ground")).to_have_count(2)
    page.keyboard.press("d")
    page.locator("#decision-text").fill(said["decision"])
    promise_by_friday(page, said["promise"])
    picture(f"call-{spoken}-5-decision")
    save(page)
    expect(page.locator("#front")).to_contain_text(said["decision"])
    picture(f"call-{spoken}-6-saved")


def find_the_decision_in_front(page: Page, picture: Picture, spoken: str) -> None:
    said = SAID[spoken]
    search(page, PHONE)
    open_first(page)
    decision = page.locator("#front .decision", has_text=said["decision"])
    expect(decision).to_contain_text(said["in_force"])
    expect(decision).to_contain_text("Ромашка-Телеком")
    expect(decision.locator(".ground")).to_have_count(2)
    expect(page.locator("#front")).to_contain_text(said["promise"])
    first, thread = page.locator("#front").bounding_box(), page.locator("#thread").bounding_box()
    assert first is not None
    assert thread is not None
    assert first["y"] < thread["y"]
    picture(f"call-{spoken}-7-in-front")


def keep_it_with_one_key(page: Page, picture: Picture, spoken: str) -> None:
    said = SAID[spoken]
    page.locator(".kinds [value=email]").check(force=True)
    page.locator("#contact-text").fill(said["email"])
    page.locator("[name=subject]").fill(said["subject"])
    page.keyboard.press("Escape")
    page.keyboard.press("k")
    picture(f"call-{spoken}-8-kept")
    save(page)
    decision = page.locator("#front .decision", has_text=said["decision"])
    expect(decision).to_contain_text(said["kept"])
    expect(page.locator("#thread")).to_contain_text(said["email"])
    picture(f"call-{spoken}-9-done")


def the_data_base_knows_it_once(address: str, party_id: int, said: dict[str, str]) -> None:
    decisions = rows(
        address,
        "SELECT d.id, d.amount, d.state FROM decisions_decision d WHERE d.party_id = %s AND d.text = %s",
        party_id, said["decision"],
    )  # fmt: skip
    assert [(amount, state) for _pk, amount, state in decisions] == [(15, "in_force")]
    decision = decisions[0][0]
    grounds = rows(
        address, "SELECT fact, label, value::text FROM decisions_ground WHERE decision_id = %s ORDER BY fact", decision
    )
    assert [fact for fact, _label, _value in grounds] == ["competitor_offer", "debt"]
    assert "450" in grounds[0][2]
    assert "1930" in grounds[1][2]
    promises = rows(
        address,
        "SELECT what, extract(isodow FROM due_at AT TIME ZONE 'Europe/Moscow')::int FROM decisions_promise "
        "WHERE decision_id = %s",
        decision,
    )
    assert promises == [(said["promise"], 5)]
    sightings = rows(
        address,
        "SELECT s.outcome, i.channel, i.text FROM decisions_sighting s JOIN interactions_interaction i "
        "ON i.id = s.interaction_id WHERE s.decision_id = %s",
        decision,
    )
    assert sightings == [("kept", "email", said["email"])]
