"""The live streams as browsers meet them: at once, in order, each once, whatever dies; and only for who may hear."""

import time
from collections.abc import Callable
from functools import partial

import pytest
from django.contrib.sessions.models import Session
from django.utils.timezone import now

from svyaz.access.actions import change_password, deactivate_user
from svyaz.interactions.actions import InteractionDraft, record_interaction
from svyaz.interactions.models import Interaction
from svyaz.notices.actions import mark_read
from svyaz.notices.models import AtCard, Notice
from svyaz.notices.tests.scene import promise, tell
from svyaz.parties.models import Party
from svyaz.users.models import User
from svyaz.workforce.models import Employee, Presence
from tests.cast import NOON
from tests.live.conftest import Site, serving, until
from tests.live.listener import Listener

Listen = Callable[..., Listener]
CONTACTS = 100


def contact(party: Party, by: User, employee: Employee | None = None) -> Interaction:
    draft = InteractionDraft(channel="phone", text="Нет связи", at=NOON)
    return record_interaction(party=party, draft=draft, employee=employee, by=by, at=NOON)


def heard(page: Listener, contact_id: int) -> bool:
    return contact_id in page.subjects("interaction.recorded")


def test_a_contact_reaches_the_open_card_within_a_second(
    listen: Listen, olga: Party, anna: User, anna_employee: Employee, boris: User
) -> None:
    page = listen(boris, olga)
    # The second one comes while the writer holds its wake-ups back.
    for _ in range(2):
        written_at = time.time()
        recorded = contact(olga, anna, anna_employee)
        until(partial(heard, page, recorded.pk))
        assert page.heard_at[-1] - written_at < 1
    assert page.connections == 1


def test_of_another_card_and_of_another_area_nothing_is_heard(
    listen: Listen, olga: Party, sever: Party, anna: User, anna_employee: Employee, boris: User, gleb: User
) -> None:
    elsewhere, stranger, watching = listen(boris, sever), listen(gleb), listen(boris, olga)
    contact(olga, anna, anna_employee)
    until(lambda: watching.subjects("interaction.recorded"))
    time.sleep(0.5)

    assert [one for one in elsewhere.heard if one["kind"] != "card.people"] == []
    assert stranger.heard == []


def test_a_card_of_another_area_is_not_there(listen: Listen, olga: Party, gleb: User) -> None:
    page = listen(gleb, olga, wait=False)
    until(lambda: page.status == 404)


def test_a_notice_reaches_its_recipient_and_its_reading_his_other_page(
    listen: Listen, olga: Party, anna: User, boris: User, boris_employee: Employee
) -> None:
    first, second, other = listen(boris), listen(boris), listen(anna)
    promise(olga, anna, boris_employee)
    tell()
    notice = Notice.objects.get()
    until(lambda: first.subjects("notice.given") == second.subjects("notice.given") == [notice.pk])
    mark_read(notices=[notice.pk], by=boris, at=NOON)
    until(lambda: first.subjects("notice.read") and second.subjects("notice.read"))
    assert other.heard == []


@pytest.mark.slow
def test_nothing_is_missed_when_the_live_process_is_killed_in_the_midst(
    site: Site, listen: Listen, olga: Party, anna: User, anna_employee: Employee, boris: User
) -> None:
    page = listen(boris, olga)
    written = []
    for number in range(CONTACTS):
        written.append(contact(olga, anna, anna_employee).pk)
        if number in {30, 70}:
            site.kill("live")
        if number in {50, 85}:
            site.start("live")
        time.sleep(0.02)
    until(lambda: len(page.subjects("interaction.recorded")) >= CONTACTS, 30)
    until(site.is_live)
    time.sleep(1)

    assert page.subjects("interaction.recorded") == written
    assert page.connections > 1
    assert "reset" not in page.events


def test_while_the_live_process_is_away_the_web_server_answers(
    site: Site, listen: Listen, olga: Party, anna: User, anna_employee: Employee, boris: User
) -> None:
    page = listen(boris, olga)
    site.kill("live")
    recorded = contact(olga, anna, anna_employee)
    until(lambda: recorded.pk in page.subjects("interaction.recorded"))
    assert page.subjects("interaction.recorded") == [recorded.pk]


def test_a_stream_ends_with_its_log_in(listen: Listen, session: Callable[[User], str], boris: User, anna: User) -> None:
    cookie = session(boris)
    page, other = listen(boris, cookie=cookie), listen(anna)
    Session.objects.filter(pk=cookie).delete()
    until(lambda: "bye" in page.events, 5)
    assert not other.is_over


def test_a_stream_ends_with_the_right_to_log_in(listen: Listen, boris: User, admin: User) -> None:
    page = listen(boris)
    deactivate_user(user=boris, by=admin, at=NOON)
    until(lambda: "bye" in page.events, 5)


def test_a_stream_ends_with_the_password_it_began_with(listen: Listen, boris: User, admin: User) -> None:
    page = listen(boris)
    change_password(user=boris, password="another long one", by=admin, at=NOON)
    until(lambda: "bye" in page.events, 5)


def test_nobody_has_more_streams_than_any_desk_needs(
    listen: Listen, session: Callable[[User], str], boris: User
) -> None:
    cookie = session(boris)
    for _ in range(20):
        listen(boris, cookie=cookie)
    page = listen(boris, cookie=cookie, wait=False)
    until(lambda: page.status == 429)


def test_colleagues_at_a_card_hear_of_each_other(
    listen: Listen, olga: Party, anna: User, boris: User, boris_employee: Employee
) -> None:
    first = listen(anna, olga)
    second = listen(boris, olga)
    until(lambda: AtCard.objects.filter(employee=boris_employee).exists())
    came = len([one for one in first.heard if one["kind"] == "card.people"])
    assert came >= 1
    assert Presence.objects.get(employee=boris_employee).state == "available"

    second.close()
    until(lambda: not AtCard.objects.filter(employee=boris_employee).exists(), 30)
    until(lambda: len([one for one in first.heard if one["kind"] == "card.people"]) > came)


def test_a_call_that_nobody_took_rings_until_somebody_opens_its_card(
    listen: Listen, olga: Party, anna: User, boris: User, gleb: User, reader: User
) -> None:
    first, far = listen(boris), listen(gleb)
    draft = InteractionDraft(channel="phone", text="Нет связи", at=now())
    ringing = record_interaction(party=olga, draft=draft, employee=None, by=reader, at=now())
    until(lambda: first.subjects("incoming") == [ringing.pk])
    late = listen(boris)
    until(lambda: late.subjects("incoming") == [ringing.pk])

    listen(anna, olga)
    until(lambda: first.subjects("incoming.taken") == [ringing.pk])
    assert far.heard == []


def test_without_a_front_door_everything_works_and_takes_some_seconds(
    transactional_db: None,
    session: Callable[[User], str],
    olga: Party,
    anna: User,
    anna_employee: Employee,
    boris: User,
) -> None:
    with serving(SVYAZ_FRONT="0") as site:
        assert set(site.programs) == {"web"}
        page = Listener(site.port, session(boris), f"?party={olga.pk}")
        until(page.is_connected)
        recorded = contact(olga, anna, anna_employee)
        until(lambda: page.subjects("interaction.recorded") == [recorded.pk])
        page.close()
