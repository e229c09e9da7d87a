"""The tree of topics."""

import pytest

from svyaz.history.models import Event
from svyaz.interactions.actions import TopicWithinItself, save_topic
from svyaz.interactions.queries import changes_of_topic, topic_tree, topics_in_use
from tests.cast import NOON

pytestmark = pytest.mark.django_db


def test_a_topic_is_moved_and_retired(outage, admin):
    network = save_topic(code="network", name="Сеть", by=admin, at=NOON)
    save_topic(code="outage", name="Обрывы", parent=network, is_active=False, by=admin, at=NOON)

    assert [(depth, one.code) for depth, one in topic_tree()] == [(0, "network"), (1, "outage")]
    assert list(topics_in_use()) == [network]
    assert changes_of_topic(outage)[0].details["new"] == {
        "name": "Обрывы", "name_en": "", "parent": "Сеть", "is_active": False,
    }  # fmt: skip


def test_no_topic_belongs_to_itself(outage, admin):
    inner = save_topic(code="inner", name="Внутри", parent=outage, by=admin, at=NOON)
    with pytest.raises(TopicWithinItself):
        save_topic(code="outage", name="Обрывы связи", parent=inner, by=admin, at=NOON)


def test_nothing_changes_no_event(outage, admin):
    before = Event.objects.count()
    save_topic(code="outage", name="Обрывы связи", name_en="Connection drops", by=admin, at=NOON)
    assert Event.objects.count() == before
