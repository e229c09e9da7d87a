"""What a page fetches when it hears of something, and the stream of the web server itself."""

import pytest
from django.test import Client
from django.utils.timezone import now

from svyaz.access.models import Opening
from svyaz.history.queries import Position, latest_committed
from svyaz.notices.actions import arrive_at_card, arrive_at_desk
from svyaz.notices.queries.live import KINDS
from svyaz.notices.tests.scene import contact
from svyaz.parties.models import Party
from svyaz.users.models import User
from svyaz.workforce.models import Employee


def test_the_card_comes_anew_without_being_opened_again(
    login, olga: Party, anna: User, anna_employee: Employee, boris: User
) -> None:
    contact(olga, anna, anna_employee)
    answer = login(boris).get(f"/customers/{olga.pk}/live/").content.decode()
    assert 'id="front"' in answer
    assert "Нет связи" in answer
    assert not Opening.objects.exists()


@pytest.mark.parametrize("part", ["live", "colleagues"])
def test_a_strangers_card_is_not_there(login, olga: Party, gleb: User, reader: User, part: str) -> None:
    path = f"/customers/{olga.pk}/{part}/"
    assert login(gleb).get(path).status_code == 404
    assert login(reader).get(path).status_code == 403
    assert login(gleb).post(path).status_code == 405
    assert Client().get(path).status_code == 302


def test_colleagues_at_the_card_stand_on_it(
    login, olga: Party, anna: User, boris: User, boris_employee: Employee
) -> None:
    arrive_at_card(employee_id=boris_employee.pk, party_id=olga.pk, at=now())
    browser = login(anna)
    assert "Борис Новиков" in browser.get(f"/customers/{olga.pk}/").content.decode()
    assert "Борис Новиков" in browser.get(f"/customers/{olga.pk}/colleagues/").content.decode()
    assert "Борис Новиков" not in login(boris).get(f"/customers/{olga.pk}/colleagues/").content.decode()


def test_who_of_the_department_is_at_his_desk(
    login, anna: User, boris: User, boris_employee: Employee, gleb_employee: Employee, reader: User
) -> None:
    for employee in (boris_employee, gleb_employee):
        arrive_at_desk(employee=employee, at=now())
    page = login(anna).get("/live/desks/").content.decode()
    assert "Борис Новиков" in page
    assert "Глеб Орлов" not in page
    assert login(reader).get("/live/desks/").status_code == 403


@pytest.mark.django_db(transaction=True)
def test_the_web_servers_stream_tells_what_came_since(
    login, olga: Party, anna: User, anna_employee: Employee, boris: User, gleb: User
) -> None:
    begin = latest_committed(kinds=KINDS, most=1).position
    row = contact(olga, anna, anna_employee)
    path = f"/live/?party={olga.pk}&after={begin}"
    answer = login(boris).get(path)
    assert answer["Content-Type"].startswith("text/event-stream")
    assert f'"subject":{row.pk}' in answer.content.decode()
    assert "retry: 3000" in answer.content.decode()
    assert login(gleb).get(path).status_code == 404
    assert '"subject"' not in login(gleb).get(f"/live/?after={begin}").content.decode()


def test_a_stream_without_a_position_begins_now(login, boris: User) -> None:
    answer = login(boris).get("/live/?after=nonsense").content.decode()
    told = [line for line in answer.splitlines() if line.startswith("id: ")]
    assert Position.read(told[0][4:]) is not None


@pytest.mark.parametrize("party", ["x", "0", "99999999999999999999", "١"])
def test_a_card_that_is_none_is_404(login, boris: User, party: str) -> None:
    assert login(boris).get(f"/live/?party={party}").status_code == 404
