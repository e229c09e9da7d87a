"""Saved views: one's own, the department's, everyone's."""

import pytest
from django.test import Client

from svyaz.desk.lists.actions import NotMyView, change_view, remove_view, restore_view, save_view
from svyaz.desk.models import SavedView
from svyaz.history.models import Event
from svyaz.parties.models import Party
from svyaz.users.models import User
from tests.cast import NOON

VIEWS = "/lists/customers/views/"


@pytest.fixture
def desk(client: Client, anna: User, olga: Party) -> Client:
    client.force_login(anna)
    return client


def saved(by: User, sharing: str = "private", query: str = "tier=gold") -> SavedView:
    return save_view(list_name="customers", name="Золотые", query=query, sharing=sharing, by=by, at=NOON)


def tabs(client: Client) -> list[str]:
    return [tab["name"] for tab in client.get("/customers/").context["view_tabs"] if tab["saved"]]


def test_what_is_seen_is_saved_under_a_name(desk: Client, anna: User) -> None:
    answer = desk.post(VIEWS, {"name": " Золотые ", "sharing": "private", "query": "tier=gold&sort=-created&x=1"})
    view = SavedView.objects.get()

    assert answer.headers["Location"] == f"/customers/?tier=gold&sort=-created&view={view.pk}"
    assert (view.name, view.query, view.owner) == ("Золотые", "tier=gold&sort=-created", anna)
    assert Event.objects.get(kind="saved_view.saved").by == anna
    page = desk.get(answer.headers["Location"])
    assert page.context["saved"] == view
    assert not page.context["is_changed"]
    assert [party.name for party in page.context["rows"]] == ["Смирнова Ольга Ивановна"]
    assert desk.get(f"/customers/?tier=silver&view={view.pk}").context["is_changed"]


@pytest.mark.parametrize(
    ("sharing", "colleague", "stranger"), [("private", [], []), ("department", ["Золотые"], []),
                                           ("everyone", ["Золотые"], ["Золотые"])],
)  # fmt: skip
def test_who_sees_it(
    client: Client, anna: User, boris: User, gleb: User, sharing: str, colleague: list[str], stranger: list[str]
) -> None:
    saved(anna, sharing)
    for user, seen in ((anna, ["Золотые"]), (boris, colleague), (gleb, stranger)):
        client.force_login(user)
        assert tabs(client) == seen, user


def test_a_shared_view_shows_a_stranger_no_foreign_customer(
    client: Client, anna: User, gleb: User, olga: Party
) -> None:
    view = saved(anna, "everyone")
    client.force_login(gleb)
    assert client.get(f"/customers/?tier=gold&view={view.pk}").context["count"] == 0


def test_only_its_owner_changes_it(client: Client, anna: User, boris: User, gleb: User) -> None:
    view = saved(anna, "department")
    with pytest.raises(NotMyView):
        change_view(view=view, name="Мои", by=boris, at=NOON)
    client.force_login(boris)
    assert client.post(f"{VIEWS}{view.pk}/", {"what": "remove"}, headers={"HX-Request": "true"}).status_code == 422
    client.force_login(gleb)
    assert client.post(f"{VIEWS}{view.pk}/", {"what": "remove"}).status_code == 404


def test_it_is_renamed_shared_and_brought_up_to_date(desk: Client, anna: User) -> None:
    view = saved(anna)
    desk.post(f"{VIEWS}{view.pk}/", {"what": "change", "name": "Лучшие", "sharing": "department"})
    view.refresh_from_db()
    assert (view.name, view.sharing, view.department_id is not None) == ("Лучшие", "department", True)
    desk.post(f"{VIEWS}{view.pk}/", {"what": "update", "query": "tier=platinum"})
    view.refresh_from_db()
    assert view.query == "tier=platinum"
    change_view(view=view, query="tier=platinum", by=anna, at=NOON)
    assert Event.objects.filter(kind="saved_view.changed").count() == 2


def test_it_is_taken_away_and_brought_back(desk: Client, anna: User) -> None:
    view = saved(anna)
    answer = desk.post(f"{VIEWS}{view.pk}/", {"what": "remove"})
    assert answer.headers["Location"] == f"/customers/?removed={view.pk}"
    assert tabs(desk) == []
    assert "restore" in desk.get(answer.headers["Location"]).content.decode()
    desk.post(f"{VIEWS}{view.pk}/", {"what": "restore"})
    assert tabs(desk) == ["Золотые"]
    remove_view(view=view, by=anna, at=NOON)
    remove_view(view=view, by=anna, at=NOON)
    restore_view(view=view, by=anna, at=NOON)
    assert Event.objects.filter(kind="saved_view.removed").count() == 2


@pytest.mark.parametrize(
    "sent", [{"name": "", "sharing": "private"}, {"name": "A", "sharing": "world"}, {"name": "x" * 61}]
)
def test_bad_input_saves_nothing(desk: Client, sent: dict[str, str]) -> None:
    assert desk.post(VIEWS, sent, headers={"HX-Request": "true"}).status_code == 422
    assert not SavedView.objects.exists()


def test_a_wrong_method_and_a_reader(client: Client, reader: User, anna: User) -> None:
    client.force_login(anna)
    assert client.get(VIEWS).status_code == 405
    assert client.post("/lists/shoes/views/", {"name": "A", "sharing": "private"}).status_code == 404
    client.force_login(reader)
    assert client.post(VIEWS, {"name": "A", "sharing": "private"}).status_code == 403


def test_who_works_in_no_department_shares_with_none(client: Client, admin: User) -> None:
    client.force_login(admin)
    sent = {"name": "A", "sharing": "department"}
    assert client.post(VIEWS, sent, headers={"HX-Request": "true"}).status_code == 422
    assert not SavedView.objects.exists()
