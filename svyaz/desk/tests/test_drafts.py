"""Drafts: every typed word is kept, seen by its owner alone, and nothing is overwritten unseen."""

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from svyaz.access.models import Opening
from svyaz.desk.drafts.actions import forget_party
from svyaz.desk.models import Draft, Recent, forget_drafts, forget_recents, note_recent
from svyaz.desk.models.recents import MOST_KEPT
from svyaz.history.models import Event
from svyaz.interactions.models import Interaction
from svyaz.parties.models import Party
from svyaz.users.models import User
from svyaz.workforce.models import Employee
from tests.cast import NOON

HTMX = {"HX-Request": "true"}


def words(text: str = "Просит скидку", **more: str) -> str:
    pairs = [["channel", "phone"], ["text", text], *([name.replace("__", "-"), value] for name, value in more.items())]
    return json.dumps({"pairs": pairs, "labels": {}})


def keep(browser: Client, party: Party | None, *, uid: Any = None, version: int = 0, written: str = "") -> Any:
    sent = {"version": version, "party": party.pk if party else "", "written": written or words()}
    return browser.post(reverse("desk:draft", args=[uid or uuid4()]), sent)


def page(browser: Client, party: Party, **query: Any) -> str:
    return str(browser.get(reverse("desk:customer", args=[party.pk]), query).content.decode())


def test_every_word_comes_back_on_another_machine(login, anna: User, olga: Party, discount: Any) -> None:
    written = words(
        "Просит скидку", decide="1", decision__text="Скидка 10 %", promise__0__what="Перезвонить",
        rejected__0__option="Тариф", override__7="Уехала", ground="customer.since", subject="Тема",
    )  # fmt: skip
    kept = keep(login(anna), olga, written=written)
    assert (kept.status_code, kept["Draft-Version"]) == (200, "1")

    shown = page(login(anna), olga)
    for value in ("Просит скидку", "Скидка 10 %", "Перезвонить", "Тариф", "Уехала", "customer.since", "Тема"):
        assert value in shown, value
    assert "errorlist" not in shown
    assert kept["Draft-Uid"] in shown


def test_what_stands_in_folded_parts_is_kept_too(login, anna: User, olga: Party, discount: Any) -> None:
    keep(login(anna), olga, written=words(decision__text="Ещё не решено", promise__0__what="Может быть"))
    shown = page(login(anna), olga)
    assert "Ещё не решено" in shown
    assert "Может быть" in shown
    assert 'name="decide" value="1" checked' not in shown


def test_the_words_lie_encrypted(login, anna: User, olga: Party) -> None:
    keep(login(anna), olga, written=words("Тайна"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT content::text FROM desk_draft")
        row = cursor.fetchone()
    assert row is not None
    assert "Тайна".encode().hex() not in row[0]
    assert Draft.objects.get().written.value("text") == "Тайна"


def test_nobody_else_sees_it(login, anna: User, boris: User, vera: User, olga: Party) -> None:
    uid = keep(login(anna), olga)["Draft-Uid"]
    for user in (boris, vera):
        assert "Просит скидку" not in page(login(user), olga, draft=uid)
        assert login(user).post(reverse("desk:draft_closing", args=[uid])).status_code == 404
        assert keep(login(user), olga, uid=uid, version=1).status_code == 409
    assert Draft.objects.get().owner == anna


def test_a_stranger_and_a_reader(login, gleb: User, reader: User, olga: Party) -> None:
    assert keep(login(gleb), olga).status_code == 404
    assert keep(login(reader), olga).status_code == 403
    assert not Draft.objects.exists()


def test_nothing_typed_is_no_draft(login, anna: User, olga: Party) -> None:
    assert keep(login(anna), olga, written=words("")).status_code == 204
    assert not Draft.objects.exists()


@pytest.mark.parametrize(
    "written",
    ["", "[]", "{", '{"pairs": 1, "labels": {}}', "[" * 5000,
     '{"pairs": [["a"]], "labels": {}}', '{"pairs": [[1, 2]], "labels": {}}',
     json.dumps({"pairs": [["a", "b"]] * 600, "labels": {}}),
     json.dumps({"pairs": [["a", "b" * 20001]], "labels": {}})],
)  # fmt: skip
def test_bad_words_are_refused(login, anna: User, olga: Party, written: str) -> None:
    address = reverse("desk:draft", args=[uuid4()])
    sent = {"version": "0", "party": olga.pk, "written": written}
    assert login(anna).post(address, sent).status_code == 422
    assert login(anna).post(address, {**sent, "written": words(), "version": "x"}).status_code == 422
    assert login(anna).get(address).status_code == 405
    assert not Draft.objects.exists()


def test_two_windows_see_both_texts(login, anna: User, olga: Party) -> None:
    browser = login(anna)
    uid = keep(browser, olga, written=words("В первом окне"))["Draft-Uid"]
    assert keep(browser, olga, uid=uid, version=1, written=words("В первом, дальше"))["Draft-Version"] == "2"

    other = keep(browser, olga, uid=uid, version=1, written=words("Во втором окне"))
    assert other.status_code == 409
    assert "В первом, дальше" in other.content.decode()
    assert "Во втором окне" in other.content.decode()
    assert Draft.objects.get().written.value("text") == "В первом, дальше"

    chosen = keep(browser, olga, uid=other["Draft-Uid"], version=int(other["Draft-Version"]), written=words("Оба"))
    assert chosen.status_code == 200
    assert Draft.objects.get().written.value("text") == "Оба"


def test_two_windows_that_both_begin(login, anna: User, olga: Party) -> None:
    browser = login(anna)
    first = keep(browser, olga, written=words("Первое"))["Draft-Uid"]
    second = keep(browser, olga, written=words("Второе"))
    assert (second.status_code, second["Draft-Uid"]) == (409, first)
    assert "Первое" in second.content.decode()


def test_saving_ends_it(login, anna: User, olga: Party) -> None:
    browser = login(anna)
    uid = keep(browser, olga)["Draft-Uid"]
    sent = {"channel": "phone", "text": "Просит скидку", "draft": uid, "draft_version": "1"}
    assert browser.post(reverse("desk:customer_contacts", args=[olga.pk]), sent).status_code == 303

    assert Interaction.objects.get().text == "Просит скидку"
    assert not Draft.objects.visible_to(anna).open().exists()
    assert Draft.objects.get().written.pairs == ()
    assert keep(browser, olga, uid=uid, version=1).status_code == 409, "a late word of the saved window"


def test_what_was_saved_is_not_saved_twice_unawares(login, anna: User, olga: Party) -> None:
    sent = {"channel": "phone", "text": "Раз", "draft": str(uuid4()), "draft_version": "0"}
    address = reverse("desk:customer_contacts", args=[olga.pk])
    assert login(anna).post(address, sent).status_code == 303
    again = login(anna).post(address, sent)
    assert again.status_code == 422
    assert "уже сохранено" in again.content.decode()
    assert Interaction.objects.count() == 1


def test_a_save_does_not_bury_what_the_other_window_wrote(login, anna: User, olga: Party) -> None:
    browser = login(anna)
    uid = keep(browser, olga, written=words("Первое"))["Draft-Uid"]
    keep(browser, olga, uid=uid, version=1, written=words("Дописано там"))
    sent = {"channel": "phone", "text": "Здесь", "draft": uid, "draft_version": "1"}
    address = reverse("desk:customer_contacts", args=[olga.pk])

    refused = browser.post(address, sent)
    assert refused.status_code == 422
    assert "Дописано там" in refused.content.decode()
    assert not Interaction.objects.exists()
    assert browser.post(address, {**sent, "draft_version": "2"}).status_code == 303


def test_a_task_is_closed_and_taken_back(login, anna: User, olga: Party) -> None:
    browser = login(anna)
    uid = keep(browser, olga)["Draft-Uid"]
    closed = browser.post(reverse("desk:draft_closing", args=[uid]), {"current": ""}, headers=HTMX)
    assert "Закрыто: Смирнова Ольга Ивановна" in closed.content.decode()
    assert reverse("desk:draft_reopening", args=[uid]) in closed.content.decode()
    assert "Просит скидку" not in page(browser, olga)

    back = browser.post(reverse("desk:draft_reopening", args=[uid]))
    assert back["Location"] == reverse("desk:customer", args=[olga.pk])
    assert "Просит скидку" in page(browser, olga)


def test_the_page_in_hand_is_loaded_anew_when_its_task_is_closed(login, anna: User, olga: Party) -> None:
    browser = login(anna)
    uid = keep(browser, olga)["Draft-Uid"]
    closed = browser.post(reverse("desk:draft_closing", args=[uid]), {"current": uid}, headers=HTMX)
    assert closed["HX-Redirect"] == reverse("desk:customer", args=[olga.pk])
    assert reverse("desk:draft_reopening", args=[uid]) in page(browser, olga)


def test_a_colleague_goes_on(login, anna: User, boris: User, boris_employee: Employee, olga: Party) -> None:
    uid = keep(login(anna), olga)["Draft-Uid"]
    address = reverse("desk:draft_handover", args=[uid])
    assert "Борис Новиков" in login(anna).get(address).content.decode()

    done = login(anna).post(address, {"to": boris_employee.pk, "reason": "Ухожу, она перезвонит"})
    assert done.status_code == 303
    shown = page(login(boris), olga, draft=uid)
    for part in ("Просит скидку", "Ухожу, она перезвонит", "Анна Козлова"):
        assert part in shown
    assert "Просит скидку" not in page(login(anna), olga)
    event = Event.objects.get(kind="draft.handed_over")
    assert (event.by, event.party_id, event.details) == (anna, olga.pk, {"to": boris.pk})
    assert not Opening.objects.filter(by=boris, basis=Opening.Basis.CONTACT).exists()


def test_a_hand_over_opens_the_card_to_a_stranger_on_record(
    login, anna: User, gleb: User, gleb_employee: Employee, olga: Party
) -> None:
    uid = keep(login(anna), olga)["Draft-Uid"]
    sent = {"to": gleb_employee.pk, "reason": "Переезжает к вам"}
    assert login(anna).post(reverse("desk:draft_handover", args=[uid]), sent).status_code == 303
    assert "Просит скидку" in page(login(gleb), olga, draft=uid)
    opening = Opening.objects.get(by=gleb, opens_until__isnull=False)
    assert opening.reason == "hand-over from anna"


def test_an_empty_task_is_handed_over_with_its_reason(
    login, anna: User, boris: User, boris_employee: Employee, olga: Party
) -> None:
    address = reverse("desk:draft_handover", args=[uuid4()]) + f"?party={olga.pk}"
    assert login(anna).post(address, {"to": boris_employee.pk, "reason": "Перезвони"}).status_code == 303
    assert Draft.objects.get().owner == boris


@pytest.mark.parametrize("sent", [{}, {"to": "1"}, {"to": "x", "reason": "y"}, {"to": "999999", "reason": "y"}])
def test_a_hand_over_needs_whom_and_why(login, anna: User, boris: User, olga: Party, sent: dict[str, str]) -> None:
    uid = keep(login(anna), olga)["Draft-Uid"]
    answer = login(anna).post(reverse("desk:draft_handover", args=[uid]), sent, headers=HTMX)
    assert answer.status_code == 422
    assert Draft.objects.get().owner == anna


def test_a_contact_of_nobody_known_is_taken_along_to_a_customer(login, anna: User, olga: Party) -> None:
    browser = login(anna)
    uid = keep(browser, None, written=words("Не назвался", phone="+7 921"))["Draft-Uid"]
    new = browser.get(reverse("desk:new_contact"), {"draft": uid}).content.decode()
    assert "Не назвался" in new
    assert 'value="+7 921"' in new
    assert "Не назвался" in page(browser, olga, draft=uid)
    assert keep(browser, olga, uid=uid, version=1, written=words("Это Ольга"))["Draft-Version"] == "2"
    assert Draft.objects.get().party == olga


def test_several_unknown_callers_at_once(login, anna: User) -> None:
    browser = login(anna)
    for name in ("Первый", "Второй", "Третий"):
        assert keep(browser, None, written=words(family_name=name)).status_code == 200
    tabs = browser.get(reverse("desk:drafts")).content.decode()
    for name in ("Первый", "Второй", "Третий"):
        assert name in tabs


def test_the_tabs_cost_the_same_for_one_and_three(
    login, anna: User, olga: Party, sever: Party, romashka: Party, django_assert_num_queries: Any
) -> None:
    browser = login(anna)
    address = reverse("desk:drafts")

    def count() -> int:
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as caught:
            assert browser.get(address).status_code == 200
        return len(caught)

    keep(browser, olga)
    one = count()
    keep(browser, sever)
    keep(browser, None)
    assert count() == one


def test_the_erasure_of_a_person_leaves_no_draft(login, anna: User, boris: User, olga: Party, sever: Party) -> None:
    for user in (anna, boris):
        keep(login(user), olga)
        page(login(user), olga)
    keep(login(anna), sever)
    assert forget_party(party_id=olga.pk) == 4
    assert list(Draft.objects.values_list("party_id", flat=True)) == [sever.pk]
    assert not Recent.objects.filter(party_id=olga.pk).exists()


def test_old_drafts_are_forgotten(login, anna: User, olga: Party, sever: Party) -> None:
    browser = login(anna)
    uid = keep(browser, olga)["Draft-Uid"]
    keep(browser, sever)
    browser.post(reverse("desk:draft_closing", args=[uid]))
    assert forget_drafts(at=now()) == 0
    assert forget_drafts(at=now() + timedelta(days=2)) == 1
    assert forget_drafts(at=now() + timedelta(days=61)) == 1


def test_only_the_last_cards_are_remembered(anna: User) -> None:
    for number in range(MOST_KEPT + 5):
        note_recent(user_id=anna.pk, party_id=number, at=NOON + timedelta(minutes=number))
    note_recent(user_id=anna.pk, party_id=0, at=NOON + timedelta(days=1))
    assert forget_recents() == 5
    assert list(Recent.objects.visible_to(anna).values_list("party_id", flat=True))[:2] == [0, MOST_KEPT + 4]
