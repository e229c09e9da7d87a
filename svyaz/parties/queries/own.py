"""Links of own fields to parties, and the history of a party's own values."""

from collections.abc import Callable, Iterable

from svyaz.access.queries import Viewer
from svyaz.parties.models import Party
from svyaz.users.models import User


def links_to_parties(by: User | None) -> Callable[[int], bool]:
    """Return the test that an own field may link to a party: it is there, and who acts may see it."""

    def may_link(party_id: int) -> bool:
        found = Party.objects.all() if by is None else Party.objects.visible_to(by)
        return bool(found.filter(pk=party_id).exists())

    return may_link


def names_of_links(ids: Iterable[int], viewer: Viewer) -> dict[int, str]:
    """Return the names of the parties that own values link to, of those that the viewer may see."""
    wanted = set(ids)
    return dict(Party.objects.visible_to(viewer).filter(pk__in=wanted).values_list("pk", "name")) if wanted else {}
