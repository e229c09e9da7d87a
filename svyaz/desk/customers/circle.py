"""Who is who around a customer, as a small picture: persons, their say, the companies of the group."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from svyaz.access.permissions import needs
from svyaz.access.queries import Rights, parties_in_hand, rights_of
from svyaz.desk.customers.values import short_name, title_of
from svyaz.desk.rendering import EmployeeRequest
from svyaz.parties.models import Party, PartyRelationship
from svyaz.parties.permissions import PartyPermission
from svyaz.parties.queries import relationship_rights

Kind = PartyRelationship.Kind
# A picture of more is no picture; the list beside it has all.
MOST = 9
IN_A_ROW = 3
WIDTH, LEVEL, TOP = 312, 96, 30
ABOVE, SAME, BELOW = "above", "same", "below"
# The same relationship, said from its other end.
ABOUT = {
    Kind.CONTACT_PERSON: _("contact person there"),
    Kind.PAYER: _("pays for"),
    Kind.FAMILY: _("family"),
    Kind.PARENT_COMPANY: _("company of the group"),
    Kind.REPRESENTATIVE: _("represents"),
}


@dataclass
class Node:
    """One party of the picture: where it stands, what it is to the customer, and whether its card opens."""

    party: Party
    kind: str
    words: str
    title: str
    power: str
    is_open: bool
    x: float = 0
    y: float = 0
    edge: str = ""
    bend: float = 0

    @property
    def role(self) -> str:
        """Return what it is to the customer, short enough to stand under the name: the position, else the tie."""
        words = self.title or self.words
        return words if len(words) < 20 else f"{words[:18].rstrip()}…"

    @property
    def name(self) -> str:
        """Return a name short enough to stand under a mark."""
        name = title_of(self.party.name, [role.number for role in self.party.roles.all()], self.party.pk)
        name = short_name(name) if self.party.is_person else name
        return name if len(name) < 17 else f"{name[:15].rstrip()}…"

    @property
    def is_company(self) -> bool:
        """Tell a company from a person."""
        return not self.party.is_person


@dataclass(frozen=True)
class Reach:
    """Which cards the viewer can open: those of his areas and those in his hand."""

    rights: Rights
    in_hand: frozenset[int]

    def opens(self, party: Party) -> bool:
        """Tell whether a party's card opens."""
        return self.rights.may_in(PartyPermission.READ, party.home_area_id) or party.pk in self.in_hand


@require_safe
@needs(PartyPermission.READ)
def circle(request: EmployeeRequest, party_id: int) -> HttpResponse:
    """Show the picture as a part of the page; without a script as a page of its own, with the same as a list."""
    at = now()
    rights = relationship_rights(request.user, party_id, at)
    if rights is None:
        raise Http404
    party = get_object_or_404(Party.objects.visible_to(rights).prefetch_related("roles"), pk=rights.party_id)
    reach = Reach(rights_of(request.user), parties_in_hand(request.user, at=at))
    own = _with_parties(PartyRelationship.objects.visible_to(rights).exclude(other__in=rights.parties))
    # What the customer is to others, and the sisters under one parent: as far as one's own areas go.
    about = _with_parties(
        PartyRelationship.objects.visible_to(request.user)
        .filter(other__in=rights.parties)
        .exclude(party__in=rights.parties)
    )
    parents = [row.other_id for row in own if row.kind == Kind.PARENT_COMPANY]
    sisters = _with_parties(
        PartyRelationship.objects.visible_to(request.user).filter(kind=Kind.PARENT_COMPANY, other__in=parents)
    )
    nodes = _nodes(party, list(own), list(about), list(sisters), reach)
    listed = {row.other_id for row in own}
    beyond = [node for node in nodes if node.party.pk not in listed]
    context = {
        "nodes": nodes[:MOST],
        "beyond": beyond,
        "has_picture": len(nodes) > 1 or bool(beyond),
        "center": placed(party, nodes[:MOST]),
        "left_out": max(len(nodes) - MOST, 0),
        "people": nodes,
        "customer": title_of(party.name, [], party.pk),
        "page_url": reverse("desk:customer", args=[party_id]),
    }
    template = "desk/customers/circle.html" if request.htmx else "desk/customers/circle_page.html"
    return render(request, template, context)


def _with_parties(rows: "QuerySet[Any]") -> "QuerySet[Any]":
    return (
        rows.filter(valid_to__isnull=True).order_by("pk").select_related("party", "other")
        .prefetch_related("party__roles", "other__roles")
    )  # fmt: skip


def _nodes(party: Party, own: list[Any], about: list[Any], sisters: list[Any], reach: Reach) -> list[Node]:
    """Return every party once; one that is two things to the customer says both."""
    nodes: dict[int, Node] = {}
    for row in own:
        level = ABOVE if row.kind == Kind.PARENT_COMPANY else BELOW
        _join(nodes, _node(row.other, row, row.get_kind_display(), level, reach))
    for row in about:
        is_child = row.kind == Kind.PARENT_COMPANY
        _join(nodes, _node(row.party, row, _about_words(row.kind), BELOW if is_child else ABOVE, reach))
    for row in sisters:
        if row.party_id != party.pk:
            _join(nodes, _node(row.party, row, _about_words(Kind.PARENT_COMPANY), SAME, reach))
    powers = ["decides", "influences", "uses", ""]
    return sorted(nodes.values(), key=lambda node: (node.edge != ABOVE, powers.index(node.power)))


def _node(party: Party, row: PartyRelationship, words: str, edge: str, reach: Reach) -> Node:
    return Node(party, row.kind, str(words), row.title, row.decision_power, reach.opens(party), edge=edge)


def _join(nodes: dict[int, Node], node: Node) -> None:
    known = nodes.setdefault(node.party.pk, node)
    if known is not node and node.words not in known.words:
        known.words = f"{known.words}, {node.words}"
        known.power = known.power or node.power


def _about_words(kind: str) -> str:
    return str(ABOUT[Kind(kind)])


def placed(party: Party, nodes: list[Node]) -> dict[str, Any]:
    """Give every node its place: those above, the customer with its sisters, those below in rows of three."""
    above = [node for node in nodes if node.edge == ABOVE]
    beside = [node for node in nodes if node.edge == SAME]
    below = [node for node in nodes if node.edge == BELOW]
    y = TOP
    for start in range(0, len(above), IN_A_ROW):
        _in_a_row(above[start : start + IN_A_ROW], y)
        y += LEVEL
    own_y = y
    for index, node in enumerate(beside):
        node.x, node.y = (52, y) if index % 2 == 0 else (WIDTH - 52, y)
        y += LEVEL if index % 2 and index + 1 < len(beside) else 0
    for start in range(0, len(below), IN_A_ROW):
        y += LEVEL
        _in_a_row(below[start : start + IN_A_ROW], y)
    for node in nodes:
        node.bend = (own_y + node.y) / 2
    return {
        "x": WIDTH / 2, "y": own_y, "height": y + 52, "width": WIDTH, "name": party.name,
        "is_company": not party.is_person,
    }  # fmt: skip


def _in_a_row(nodes: list[Node], y: float) -> None:
    step = WIDTH / len(nodes)
    for index, node in enumerate(nodes):
        node.x, node.y = round(step * (index + 0.5), 1), y
