"""Comparing cards, merging them, parting them again: works, others may not, what is wrong is said, once."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from svyaz.access.actions import record_opening
from svyaz.interactions.actions import InteractionDraft, record_interaction
from svyaz.parties.actions import add_medium, change_party, create_individual, give_role, merge_parties, undo_merge
from svyaz.parties.models import Merge, Party
from svyaz.places.models import Area
from svyaz.users.models import User
from tests.cast import NOON

HTMX = {"HX-Request": "true"}


def second_olga(area: Area | None, number: str = "90000001") -> Party:
    party = create_individual(family_name="Волкова", given_name="О.", home_area=area, by=None, at=NOON)
    give_role(party=party, kind="customer", number=number, by=None, at=NOON)
    add_medium(party=party, kind="mobile", value=f"+7921{number[-7:]}", by=None, at=NOON)
    return party


@pytest.fixture
def twin(primorsky: Area) -> Party:
    return second_olga(primorsky)


@pytest.fixture
def desk(client: Client, vera: User) -> Client:
    client.force_login(vera)
    return client


def comparing(*parties: Party) -> str:
    return "/merges/compare/?" + "&".join(f"party={party.pk}" for party in parties)


def choice(survivor: Party, *others: Party, **more: Any) -> dict[str, Any]:
    ids = [party.pk for party in (survivor, *others)]
    return {"party": ids, "survivor": survivor.pk, "reason": "Один паспорт", **more}


def test_cards_stand_side_by_side_with_a_suggestion(desk: Client, olga: Party, twin: Party) -> None:
    context = desk.get(comparing(twin, olga)).context

    assert context["survivor"] == olga or olga.created_at == twin.created_at
    lines = {line["field"]: line for line in context["lines"]}
    assert [cell["text"] for cell in lines["given_name"]["cells"]] == ["О.", "Ольга"]
    assert [cell["is_chosen"] for cell in lines["given_name"]["cells"]] == [False, True]
    assert [cell["is_chosen"] for cell in lines["birth_date"]["cells"]] == [False, True]
    assert [line["is_same"] for line in context["lines"]] == sorted(line["is_same"] for line in context["lines"])
    assert set(context["result"]["numbers"]) == {"78120441", "90000001"}


def test_the_preview_follows_the_choice(desk: Client, olga: Party, twin: Party) -> None:
    sent = choice(olga, twin, **{"choice-family_name": twin.pk})

    response = desk.post("/merges/compare/", sent, headers=HTMX)

    assert response.context["result"]["title"] == "Волкова Ольга Ивановна"
    page = response.content.decode()
    assert 'id="preview"' in page
    assert "<html" not in page
    assert Merge.objects.count() == 0


def test_it_says_how_much_history_comes_together(desk: Client, olga: Party, twin: Party, vera: User) -> None:
    for party, times in ((olga, 2), (twin, 1)):
        for _ in range(times):
            draft = InteractionDraft(channel="phone", text="?")
            record_interaction(party=party, draft=draft, employee=None, by=vera, at=NOON)

    history = {str(row["name"]): row for row in desk.get(comparing(olga, twin)).context["result"]["history"]}

    assert (history["контакты"]["parts"], history["контакты"]["total"]) == ([2, 1], 3)


def test_cards_are_merged_as_chosen(desk: Client, olga: Party, twin: Party, vera: User) -> None:
    sent = choice(olga, twin, **{"choice-family_name": twin.pk, "choice-given_name": olga.pk})

    response = desk.post("/merges/new/", sent)

    assert (response.status_code, response.headers["Location"]) == (303, f"/customers/{olga.pk}/")
    merge = Merge.objects.get()
    assert (merge.merged, merge.by, merge.reason, list(merge.chosen)) == (twin, vera, "Один паспорт", ["family_name"])
    olga.refresh_from_db()
    assert olga.name == "Волкова Ольга Ивановна"


def test_without_a_reason_nothing_is_merged(desk: Client, olga: Party, twin: Party) -> None:
    sent = choice(olga, twin, reason=" ", **{"choice-family_name": twin.pk})

    response = desk.post("/merges/new/", sent)

    assert response.status_code == 422
    assert response.context["result"]["title"] == "Волкова Ольга Ивановна"
    assert Merge.objects.count() == 0


def test_a_colleague_was_quicker(desk: Client, olga: Party, twin: Party, primorsky: Area) -> None:
    other = second_olga(primorsky, "90000002")
    merge_parties(survivor=other, merged=[twin], reason="Одна", by=None, at=NOON)

    response = desk.get(comparing(twin, other))

    assert response.headers["Location"] == f"/customers/{other.pk}/"
    assert desk.post("/merges/new/", choice(other, twin)).status_code == 404


def test_a_person_is_not_merged_with_a_company(desk: Client, olga: Party, sever: Party) -> None:
    response = desk.post("/merges/new/", choice(sever, olga))

    assert response.status_code == 422
    assert "Человек и компания" in response.content.decode()
    assert Merge.objects.count() == 0


def test_who_may_not_merge(client: Client, olga: Party, twin: Party, anna: User, gleb: User) -> None:
    client.force_login(anna)
    assert client.get(comparing(olga, twin)).status_code == 403
    assert client.post("/merges/new/", choice(olga, twin)).status_code == 403
    assert client.get("/merges/").status_code == 403
    assert client.post("/merges/1/undo/").status_code == 403


def test_a_card_of_another_area_is_not_merged_even_while_it_is_open(
    desk: Client, olga: Party, novosibirsk: Area, vera: User
) -> None:
    far = second_olga(novosibirsk)
    record_opening(party_id=far.pk, basis="identifier", by=vera, at=NOON, reason="phone")

    assert desk.get(comparing(olga, far)).status_code == 404
    assert desk.post("/merges/new/", choice(olga, far)).status_code == 404
    assert Merge.objects.count() == 0


@pytest.mark.parametrize("address", ["/merges/compare/?party=x", "/merges/compare/?party=999999", "/merges/999999/"])
def test_what_is_not_there(desk: Client, address: str) -> None:
    assert desk.get(address).status_code in {200, 404}
    assert desk.delete("/merges/compare/").status_code == 405
    assert desk.get("/merges/new/").status_code == 405
    assert desk.get("/merges/1/undo/").status_code == 405


def test_the_other_card_is_searched_for(desk: Client, olga: Party, twin: Party) -> None:
    page = desk.get(f"/merges/compare/?party={olga.pk}&q=Волкова").content.decode()

    assert f"?party={olga.pk}&amp;party={twin.pk}" in page
    assert f"party={olga.pk}&amp;party={olga.pk}" not in page


def test_undo_tells_what_was_changed_since(desk: Client, olga: Party, twin: Party, vera: User) -> None:
    chosen = {"family_name": twin.pk, "given_name": twin.pk}
    [merge] = merge_parties(survivor=olga, merged=[twin], chosen=chosen, reason="Одна", by=vera, at=NOON)
    change_party(party=olga, changes={"given_name": "Оля"}, by=vera, at=NOON.replace(hour=10))
    address = f"/merges/{merge.pk}/"

    context = desk.get(address).context
    assert {row["name"]: row["was_changed"] for row in context["takeovers"]} == {"фамилия": False, "имя": True}
    assert [(str(row["name"]), row["count"]) for row in context["since"]] == [("сама карточка", 1)]

    response = desk.post(f"{address}undo/", {"reason": "Мать и дочь"}, follow=True)

    olga.refresh_from_db()
    assert olga.name == "Смирнова Оля Ивановна"
    assert "имя" in response.content.decode()
    assert desk.post(f"{address}undo/").headers["Location"] == address
    merge.refresh_from_db()
    assert (merge.kept, merge.undo_reason, merge.undone_by) == (["given_name"], "Мать и дочь", vera)


def test_a_merge_is_undone_only_in_ones_own_areas(
    client: Client, olga: Party, twin: Party, vera: User, novosibirsk: Area
) -> None:
    [merge] = merge_parties(survivor=olga, merged=[twin], reason="Одна", by=vera, at=NOON)
    client.force_login(vera)
    assert client.get(f"/merges/{merge.pk}/").context["may_undo"]

    Party.objects.filter(pk=twin.pk).update(home_area=novosibirsk)

    assert not client.get(f"/merges/{merge.pk}/").context["may_undo"]
    assert client.post(f"/merges/{merge.pk}/undo/").status_code == 404
    twin.refresh_from_db()
    assert twin.merged_into == olga


def test_the_list_shows_standing_and_undone(desk: Client, olga: Party, twin: Party, vera: User) -> None:
    [merge] = merge_parties(survivor=olga, merged=[twin], reason="Одна", by=vera, at=NOON)

    assert [each["row"] for each in desk.get("/merges/?state=standing").context["rows"]] == [merge]
    undo_merge(merge=merge, by=vera, at=NOON)
    assert desk.get("/merges/?state=standing").context["rows"] == []
    assert desk.get("/merges/").context["count"] == 1


def test_the_list_takes_the_same_queries_for_one_and_three(desk: Client, olga: Party, primorsky: Area) -> None:
    counts = []
    for number in range(3):
        other = second_olga(primorsky, f"9000000{number}")
        merge_parties(survivor=olga, merged=[other], reason="Одна", by=None, at=NOON)
        desk.get("/merges/")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            desk.get("/merges/")
        counts.append(len(queries))
    assert counts[0] == counts[2]


def test_comparing_takes_the_same_queries_for_two_and_four(desk: Client, olga: Party, primorsky: Area) -> None:
    people = [olga, *(second_olga(primorsky, f"9000000{number}") for number in range(3))]
    counts = []
    for many in (2, 4):
        desk.get(comparing(*people[:many]))
        with CaptureQueriesContext(connection) as queries:
            assert desk.get(comparing(*people[:many])).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
