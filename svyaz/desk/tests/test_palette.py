"""The palette: customers, numbers, screens and actions in one box; the list of keys from the same registry."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape
from django.utils.timezone import now

from svyaz.access.actions import record_opening
from svyaz.access.models import Opening
from svyaz.cli import assets
from svyaz.decisions.models import Decision, DecisionKind
from svyaz.desk.commands import COMMANDS, Where
from svyaz.desk.icons import icon_name
from svyaz.desk.models import note_recent
from svyaz.lib.text import other_layout
from svyaz.parties.actions.create import create_individual
from svyaz.parties.models import Party
from svyaz.places.models import Area
from svyaz.users.models import User
from tests.cast import NOON, OLGAS_PHONE

HTMX = {"HX-Request": "true"}
TEMPLATES = assets.STATIC.parents[1] / "templates" / "desk"


def ask(browser: Client, text: str = "", at: str = "/") -> str:
    return str(browser.get(reverse("desk:search"), {"q": text, "at": at}, headers=HTMX).content.decode())


@pytest.mark.parametrize("text", ["смирн", "оль сми", OLGAS_PHONE, "8 (921) 555-12-34", "78120441", "#78120441"])
def test_a_customer_is_found_while_typing(login, anna: User, olga: Party, text: str) -> None:
    answer = ask(login(anna), text)
    assert 'role="option"' in answer
    assert "Смирнова Ольга Ивановна" in answer
    assert reverse("desk:customer", args=[olga.pk]) in answer


@pytest.mark.parametrize(("typed", "meant"), [("cvbhyjdf", "смирнова"), ("jkmuf", "ольга"), ("ntvf", "тема")])
def test_the_wrong_keyboard_layout_is_understood(login, anna: User, olga: Party, typed: str, meant: str) -> None:
    answer = ask(login(anna), typed)
    assert f"Прочитано как «{meant}»" in answer
    assert "Смирнова" in answer or "Тема: тёмная" in answer


def test_the_other_layout_goes_both_ways() -> None:
    assert other_layout("bdfyjd") == "иванов"
    assert other_layout("руддщ") == "hello"
    assert other_layout("+7 921") == "+7 921"


def test_what_is_found_as_typed_is_not_read_otherwise(login, anna: User, olga: Party) -> None:
    assert "Прочитано как" not in ask(login(anna), "смирн")
    assert "Прочитано как" not in ask(login(anna), "неттакого")


def test_typing_tells_nothing_of_a_stranger_and_opens_nothing(login, gleb: User, olga: Party) -> None:
    for text in (OLGAS_PHONE, "#78120441"):
        answer = ask(login(gleb), text)
        assert "Смирнова" not in answer
        assert "Этот номер у клиента другой территории" in answer
    assert not Opening.objects.exists()


def test_a_decision_is_found_by_its_number(login, anna: User, gleb: User, olga: Party, discount: DecisionKind) -> None:
    sent = {"channel": "phone", "text": "x", "decide": "1", "decision-text": "Скидка 5 %", "decision-kind": discount.pk}
    login(anna).post(reverse("desk:customer_contacts", args=[olga.pk]), sent)
    number = Decision.objects.get().pk
    answer = ask(login(anna), f"#{number}")
    assert "Скидка 5 %" in answer
    assert f"#decision-{number}" in answer
    assert "Скидка 5 %" not in ask(login(gleb), f"#{number}")


def test_what_can_be_done_here_stands_first(login, anna: User, olga: Party) -> None:
    here = ask(login(anna), at=f"/customers/{olga.pk}/")
    assert here.index("На этой странице") < here.index("Действия") < here.index("Экраны")
    assert 'data-press-here="[data-key~=&quot;KeyD&quot;]"' in here
    elsewhere = ask(login(anna), at="/promises/")
    assert "На этой странице" not in elsewhere
    assert f'href="{reverse("desk:new_contact")}"' in elsewhere


@pytest.mark.parametrize(
    ("typed", "found"),
    [("звонок", "Записать звонок"), ("зап зво", "Записать звонок"), ("решение", "Принять решение"), ("выход", "Выйти"),
     ("светл", "Тема: светлая"), ("абоненты", "Клиенты"), ("факс", "Записать факс"), ("обещ", "Обещания")],
)  # fmt: skip
def test_a_command_is_found_by_any_of_its_words(login, anna: User, olga: Party, typed: str, found: str) -> None:
    assert found in ask(login(anna), typed, at=f"/customers/{olga.pk}/")


def test_what_one_may_not_do_is_not_offered(login, reader: User, admin: User, olga: Party) -> None:
    shown = ask(login(reader))
    assert "Записать звонок" not in shown
    assert "Клиенты" not in shown
    assert "Смирнова" not in ask(login(reader), "смирн")
    assert "Компоненты" in ask(login(admin), "компон")
    assert "Компоненты" not in ask(login(reader), "компон")


def test_the_cards_seen_last_come_back(login, anna: User, olga: Party, sever: Party) -> None:
    browser = login(anna)
    for party in (olga, sever):
        browser.get(reverse("desk:customer", args=[party.pk]))
    shown = ask(login(anna))
    assert shown.index("ООО «Север»") < shown.index("Смирнова Ольга Ивановна")


def test_a_card_that_one_may_not_see_any_more_is_not_among_the_last(login, gleb: User, olga: Party) -> None:
    note_recent(user_id=gleb.pk, party_id=olga.pk, at=now())
    assert "Смирнова" not in ask(login(gleb))
    record_opening(party_id=olga.pk, basis=Opening.Basis.IDENTIFIER, by=gleb, at=now(), reason="phone")
    assert "Смирнова" in ask(login(gleb))
    Opening.objects.update(opens_until=now() - timedelta(hours=1))
    assert "Смирнова" not in ask(login(gleb))


def test_a_saved_view_is_found_by_its_name(login, anna: User, boris: User) -> None:
    from svyaz.desk.models import SavedView

    SavedView(list="customers", name="Золотые на Севере", query="tier=gold", owner=anna, saved_at=NOON).save()
    assert "?tier=gold&amp;view=" in ask(login(anna), "золотые")
    assert "Золотые" not in ask(login(boris), "золотые")


def test_without_a_script_there_is_a_page(login, anna: User, olga: Party) -> None:
    page = login(anna).get(reverse("desk:search"), {"q": "смирн"}).content.decode()
    assert '<nav class="rail"' in page
    assert reverse("desk:customer", args=[olga.pk]) in page
    assert "data-press-here" not in login(anna).get(reverse("desk:search")).content.decode()
    assert "никто не найден" in login(anna).get(reverse("desk:search"), {"q": "ъъъъ"}).content.decode()


def test_odd_input_and_wrong_methods(login, client: Client, anna: User) -> None:
    for text in ("%", "#", "# ", "#x", "_", "\x00", "'", "a" * 5000, "#999999999999999999999", "🙂"):
        assert login(anna).get(reverse("desk:search"), {"q": text, "at": "x" * 3000}, headers=HTMX).status_code == 200
    assert login(anna).post(reverse("desk:search")).status_code == 405
    assert client.get(reverse("desk:search")).status_code == 302
    assert client.get(reverse("desk:keys")).status_code == 302


def test_one_and_three_found_cost_the_same(login, anna: User, primorsky: Area) -> None:
    browser = login(anna)
    costs = []
    for more in (1, 2):
        for index in range(more):
            party = create_individual(family_name=f"Лосев{more}{index}", home_area=primorsky, by=None, at=NOON)
            note_recent(user_id=anna.pk, party_id=party.pk, at=NOON)
        for text in ("лосев", ""):
            with CaptureQueriesContext(connection) as queries:
                ask(browser, text)
            costs.append(len(queries))
    assert costs[:2] == costs[2:]


def keys_of_templates() -> set[str]:
    """Return every key that a template gives to a control."""
    text = "".join(
        path.read_text(encoding="utf-8") for path in TEMPLATES.rglob("*.html") if "components" not in path.parts
    )
    given = re.findall(r'\b(?:data-)?key="([A-Z][^"{]*)"', text)
    return {key for keys in given for key in keys.split()}


def test_every_key_stands_in_the_registry_and_every_key_of_the_registry_is_somewhere() -> None:
    known = {key for command in COMMANDS for key in command.keys.split()}
    assert keys_of_templates() - known == set()
    # Bound by their scripts, because what they press hangs on where one points.
    by_themselves = {"ArrowDown", "ArrowUp", "Mod+Enter", "Escape", "KeyE", "KeyJ"}
    to_screens = {key for command in COMMANDS if command.where == Where.SCREEN for key in command.keys.split()}
    assert known - keys_of_templates() - by_themselves - to_screens == set()


def test_no_key_does_two_things_in_one_place() -> None:
    for place in (Where.CONTACT, Where.ROW, Where.SCREEN):
        here = [key for one in COMMANDS if one.where in {place, Where.EVERYWHERE} for key in one.keys.split()]
        assert sorted(here) == sorted(set(here)), place


def test_every_command_has_its_picture_and_leads_somewhere() -> None:
    for command in COMMANDS:
        icon_name(command.icon)
        assert command.is_listed_only or command.selector or command.address, str(command.words)
        assert command.where != Where.SCREEN or command.address, str(command.words)


def test_the_list_of_keys_is_a_page_and_a_part(login, anna: User) -> None:
    page = login(anna).get(reverse("desk:keys"))
    part = login(anna).get(reverse("desk:keys"), headers=HTMX)
    for words in ("Принять решение", "Поиск и команды", "G\u00a0C", "Ctrl\u00a0↵"):
        assert words in page.content.decode()
        assert words in part.content.decode()
    assert '<nav class="rail"' not in part.content.decode()


def test_every_page_bears_the_keys_to_its_screens(login, anna: User) -> None:
    page = login(anna).get(reverse("desk:day")).content.decode()
    wanted: Any = [command for command in COMMANDS if command.where == Where.SCREEN and command.keys]
    assert all(f'data-key="{escape(command.keys)}"' in page for command in wanted)
