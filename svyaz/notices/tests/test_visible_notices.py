"""One's own notices, and of these none about a party that one may not see any more."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from svyaz.access.models import Assignment, Opening, Role
from svyaz.notices.actions import forget_old_notices, mark_read, mark_unread
from svyaz.notices.models import NEEDS, Notice
from svyaz.notices.queries.listing import notices_of, same_subject, unread_count
from svyaz.parties.models import Party
from svyaz.places.models import Area
from svyaz.users.models import User
from tests.cast import NOON, ROLE_CODES, person


def notice(user: User, party: Party | None, kind: str = "message", serial: int = 1) -> Notice:
    row: Notice = Notice.objects.create(
        recipient=user, kind=kind, reason="named", subject_type="interactions.interaction", subject_id=serial,
        party=party, event_id=serial, at=NOON,
    )  # fmt: skip
    return row


def test_a_colleagues_notices_are_not_mine(olga: Party, anna: User, boris: User) -> None:
    notice(anna, olga)
    assert unread_count(anna) == 1
    assert unread_count(boris) == 0


def test_of_a_party_beyond_ones_area_nothing_shows(olga: Party, gleb: User) -> None:
    notice(gleb, olga)
    assert list(notices_of(gleb)) == []


def test_with_the_party_in_hand_it_shows(olga: Party, gleb: User) -> None:
    hers = notice(gleb, olga)
    Opening.objects.create(
        party_id=olga.pk, by=gleb, at=now(), basis="contact", reason="Звонок", opens_until=now() + timedelta(hours=1)
    )
    assert list(notices_of(gleb)) == [hers]


def test_whoever_moved_away_sees_no_old_notice(olga: Party, anna: User, novosibirsk: Area) -> None:
    notice(anna, olga)
    Assignment.objects.filter(user=anna).update(area=novosibirsk)
    assert unread_count(User.objects.get(pk=anna.pk)) == 0


@pytest.mark.parametrize("role", ROLE_CODES)
@pytest.mark.parametrize("kind", Notice.Kind.values)
def test_every_role_sees_the_kinds_that_it_may_read(
    olga: Party, roles: dict[str, Role], spb: Area, role: str, kind: str
) -> None:
    user = person("somebody", "Кто-то", roles[role], spb)
    notice(user, olga, kind)
    assert notices_of(user).exists() == (NEEDS[Notice.Kind(kind)] in roles[role].permissions)


def test_who_may_only_log_in_sees_none(olga: Party, reader: User) -> None:
    notice(reader, olga)
    assert unread_count(reader) == 0


def test_they_are_read_once_and_that_can_be_taken_back(olga: Party, anna: User) -> None:
    first, second = notice(anna, olga, serial=1), notice(anna, olga, serial=2)

    assert mark_read(notices=[first.pk, second.pk], by=anna, at=NOON) == [first.pk, second.pk]
    assert mark_read(notices=[first.pk], by=anna, at=NOON) == []
    assert unread_count(anna) == 0
    assert mark_unread(notices=[second.pk], by=anna, at=NOON) == [second.pk]
    assert unread_count(anna) == 1


def test_nobody_reads_anothers(olga: Party, anna: User, boris: User) -> None:
    hers = notice(anna, olga)
    assert mark_read(notices=[hers.pk], by=boris, at=NOON) == []


def test_the_group_of_a_notice_is_its_partys(olga: Party, sever: Party, anna: User) -> None:
    first, second = notice(anna, olga, serial=1), notice(anna, olga, serial=2)
    notice(anna, sever, serial=3)
    assert set(same_subject(anna, first)) == {first, second}


def test_what_was_read_long_ago_is_forgotten(olga: Party, anna: User) -> None:
    old, new = notice(anna, olga, serial=1), notice(anna, olga, serial=2)
    mark_read(notices=[old.pk], by=anna, at=NOON)
    mark_read(notices=[new.pk], by=anna, at=NOON + timedelta(days=60))

    assert forget_old_notices(at=NOON + timedelta(days=91)) == 1
    assert list(Notice.objects.all()) == [new]
