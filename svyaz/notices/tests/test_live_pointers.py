"""What may go out to an open page: by the rights of each reader, role by role."""

import pytest
from django.utils.timezone import now

from svyaz.access.models import Role
from svyaz.decisions.permissions import DecisionPermission
from svyaz.history.models import Event
from svyaz.history.queries import Position, committed_after, latest_committed
from svyaz.interactions.actions import InteractionDraft, record_interaction
from svyaz.interactions.permissions import InteractionPermission
from svyaz.notices.queries.live import KINDS, Pointer, allowed, pointers
from svyaz.notices.tests.scene import contact, promise, tell
from svyaz.parties.models import Party
from svyaz.places.models import Area
from svyaz.users.models import User
from svyaz.workforce.models import Employee
from tests.cast import NOON, ROLE_CODES, person


def everything() -> list[Pointer]:
    return pointers(list(Event.objects.filter(kind__in=KINDS).order_by("xid", "id")))


def heard(user: User, party: Party | None = None) -> list[str]:
    """Return the kinds of what a page of this user hears, with this party's card open or none."""
    page = (user.pk, party.pk if party else None)
    found = everything()
    rights = allowed(found, [page], at=now())
    return [str(one.message["kind"]) for one in found if rights.may(one, *page)]


def test_an_open_card_hears_of_its_party_and_of_no_other(
    olga: Party, sever: Party, anna: User, anna_employee: Employee, boris: User
) -> None:
    contact(olga, anna, anna_employee)
    promise(sever, anna, anna_employee)

    assert heard(boris, olga) == ["interaction.recorded"]
    assert heard(boris, sever) == ["promise.made"]
    assert heard(boris) == []


def test_a_stranger_hears_nothing_even_of_a_card_that_he_names(
    olga: Party, anna: User, anna_employee: Employee, gleb: User
) -> None:
    contact(olga, anna, anna_employee)
    assert heard(gleb, olga) == []


@pytest.mark.parametrize("role", ROLE_CODES)
def test_every_role_hears_of_what_it_may_read(
    olga: Party, roles: dict[str, Role], spb: Area, anna: User, anna_employee: Employee, role: str
) -> None:
    user = person("somebody", "Кто-то", roles[role], spb)
    contact(olga, anna, anna_employee)
    promise(olga, anna, anna_employee)

    may = roles[role].permissions
    wanted = ["interaction.recorded"] if InteractionPermission.READ in may else []
    wanted += ["promise.made"] if DecisionPermission.READ in may else []
    assert heard(user, olga) == wanted


@pytest.mark.parametrize("role", ROLE_CODES)
def test_a_contact_that_nobody_took_rings_for_those_who_take_contacts_there(
    olga: Party, roles: dict[str, Role], spb: Area, novosibirsk: Area, reader: User, role: str
) -> None:
    near = person("near", "Близкий", roles[role], spb)
    far = person("far", "Дальний", roles[role], novosibirsk)
    record_interaction(party=olga, draft=InteractionDraft(channel="phone", at=NOON), employee=None, by=reader, at=NOON)

    rings = ["incoming"] if InteractionPermission.RECORD in roles[role].permissions else []
    assert heard(near) == rings
    assert heard(far) == []


def test_one_that_somebody_has_taken_does_not_ring(
    olga: Party, anna: User, anna_employee: Employee, boris: User
) -> None:
    contact(olga, anna, anna_employee)
    assert heard(boris) == []


def test_notices_reach_their_recipient_alone(olga: Party, anna: User, boris: User, boris_employee: Employee) -> None:
    promise(olga, anna, boris_employee)
    tell()

    assert heard(boris) == ["notice.given"]
    assert heard(anna) == []


def test_whoever_may_log_in_no_more_hears_nothing(
    olga: Party, anna: User, anna_employee: Employee, boris: User, boris_employee: Employee
) -> None:
    contact(olga, anna, anna_employee)
    promise(olga, anna, boris_employee)
    tell()
    User.objects.filter(pk=boris.pk).update(is_active=False)

    assert heard(boris, olga) == []


def test_a_pointer_says_nothing_of_whom_it_is_about(olga: Party, anna: User, anna_employee: Employee) -> None:
    contact(olga, anna, anna_employee)
    (pointer,) = everything()
    assert set(pointer.message) == {"kind", "party", "subject", "position"}


@pytest.mark.django_db(transaction=True)
def test_positions_lead_on_in_the_order_of_commits(olga: Party, anna: User, anna_employee: Employee) -> None:
    begin = latest_committed(kinds=KINDS, most=10).position
    for _ in range(3):
        contact(olga, anna, anna_employee)

    first = committed_after(begin, kinds=KINDS, most=2)
    assert (len(first.events), first.is_whole) == (2, False)
    rest = committed_after(first.position, kinds=KINDS, most=2)
    assert (len(rest.events), rest.is_whole) == (1, True)
    assert committed_after(rest.position, kinds=KINDS, most=2).events == []
    assert Position.read(str(rest.position)) == rest.position


@pytest.mark.parametrize("text", ["", "1", "1.", "a.b", "1.2.3", "-1.2", "9" * 25 + ".1", "١.٢"])
def test_what_is_no_position_is_none(text: str) -> None:
    assert Position.read(text) is None
