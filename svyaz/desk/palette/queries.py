"""What the palette finds: commands by their words, customers, numbers, whom one looked at last."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from svyaz.access.queries import Rights, Viewer, parties_in_hand, rights_of
from svyaz.decisions.models import Decision
from svyaz.desk.administration.sections import sections_of
from svyaz.desk.commands import Command, Where, commands_for
from svyaz.desk.lists.columns import Look
from svyaz.desk.lists.definition import list_for
from svyaz.desk.models import Recent, SavedView
from svyaz.desk.naming import title_of
from svyaz.lib.text import name_key, other_layout
from svyaz.parties.models import Party, PartyRole
from svyaz.parties.permissions import PartyPermission
from svyaz.search.queries import Found, find_by_identifier, find_by_name, looks_exact

MOST_CUSTOMERS, MOST_COMMANDS, MOST_RECENT = 8, 6, 6


@dataclass(frozen=True, slots=True)
class Option:
    """One line of the palette: where it leads or what it presses."""

    title: str
    icon: str
    url: str = ""
    press: str = ""
    note: str = ""
    dim: str = ""
    keys: str = ""
    # Drawn in place of an icon: the party's initials, square for a company.
    initials_of: str = ""
    is_square: bool = False


@dataclass(frozen=True)
class Answer:
    """What a text means: groups of options, each under its name; `read_as` where another keyboard layout was meant."""

    groups: Sequence[tuple[str, Sequence[Option]]]
    read_as: str = ""

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing was found."""
        return not any(options for _name, options in self.groups)


def answer_to(viewer: Viewer, text: str, *, writes_contact: bool, at: datetime) -> Answer:
    """Return what the palette shows; a text that finds nothing is read once more as if typed in the other layout."""
    if not text:
        return _at_rest(viewer, writes_contact=writes_contact, at=at)
    found = _found(viewer, text, writes_contact=writes_contact, at=at)
    other = other_layout(text)
    if not found.is_empty or other == text:
        return found
    second = _found(viewer, other, writes_contact=writes_contact, at=at)
    return found if second.is_empty else Answer(second.groups, read_as=other)


def _at_rest(viewer: Viewer, *, writes_contact: bool, at: datetime) -> Answer:
    """Return what stands there before a word is typed: what can be done here, whom one saw last, all the rest."""
    commands = [command for command in commands_of(viewer) if not command.is_listed_only and not command.is_asked_for]
    here, actions, screens = _sorted_by_place(commands, writes_contact=writes_contact)
    recent = recent_parties(viewer, at=at)
    groups = (_("On this page"), here), (_("Seen last"), recent), (_("Actions"), actions), (_("Screens"), screens)
    return Answer(groups)


def commands_of(viewer: Viewer) -> list[Command]:
    """Return what the viewer may do, the places of administration among it."""
    places = [
        Command(section.label, section.icon, Where.SCREEN, url=f"desk:administration_{section.name}",
                also=_("administration, setup"), is_asked_for=True)
        for section in sections_of(viewer)
    ]  # fmt: skip
    return [*commands_for(rights_of(viewer)), *places]


def _sorted_by_place(
    commands: Iterable[Command], *, writes_contact: bool
) -> tuple[list[Option], list[Option], list[Option]]:
    here: list[Option] = []
    actions: list[Option] = []
    screens: list[Option] = []
    for command in commands:
        if command.where == Where.SCREEN:
            if command.address:
                screens.append(_option(command, presses=False))
        elif command.where == Where.CONTACT and writes_contact:
            here.append(_option(command, presses=True))
        elif command.where != Where.CONTACT or command.address:
            actions.append(_option(command, presses=command.where != Where.CONTACT))
    return here, actions, screens


def _option(command: Command, *, presses: bool) -> Option:
    press = command.selector if presses else ""
    return Option(
        str(command.words), command.icon, url=command.address, press=press, keys=command.keys.split(" ")[0]
    )  # fmt: skip


def _found(viewer: Viewer, text: str, *, writes_contact: bool, at: datetime) -> Answer:
    if text.startswith("#"):
        return Answer([(_("Numbers"), numbered(viewer, text[1:].strip()))])
    customers, beyond = _customers(viewer, text)
    options = [*map(_customer, customers), *_beyond(text, beyond)]
    wanted = [command for command in commands_of(viewer) if _is_meant(command, text)]
    here, actions, screens = _sorted_by_place(wanted, writes_contact=writes_contact)
    commands = [*here, *actions, *screens][:MOST_COMMANDS]
    views = saved_views(viewer, text, at=at)
    return Answer([(_("Customers"), options), (_("Commands"), commands), (_("Saved views"), views)])


def saved_views(viewer: Viewer, text: str, *, at: datetime) -> list[Option]:
    """Return the saved views, one's own and shared ones, whose name holds the text; of lists that one may see."""
    views: QuerySet[SavedView] = SavedView.objects.visible_to(viewer).present().filter(name__icontains=text)
    look = Look(viewer, at)
    options = []
    for view in views.order_by("name", "pk")[:MOST_COMMANDS]:
        if (listed := list_for(view.list, look)) is not None:
            url = "&".join(filter(None, (view.query, f"view={view.pk}")))
            options.append(
                Option(view.name, "list-filter", url=f"{reverse(listed.page)}?{url}", note=str(listed.title))
            )
    return options


def _is_meant(command: Command, text: str) -> bool:
    """Tell whether every word of the text begins a word of the command."""
    words = name_key(str(command.words), str(command.also)).split()
    typed = name_key(text).split()
    is_known = bool(typed) and all(any(word.startswith(part) for word in words) for part in typed)
    return is_known and not command.is_listed_only


def _customers(viewer: Viewer, text: str) -> tuple[list[Found], int]:
    """Return the customers whom a text means, and how many beyond the viewer's areas an exact number names."""
    exact = find_by_identifier(viewer, text, limit=MOST_CUSTOMERS) if looks_exact(text) else []
    own = [row for row in exact if row.is_own_area]
    seen = {row.party_id for row in exact}
    named = find_by_name(viewer, text, limit=MOST_CUSTOMERS) if "@" not in text else []
    found = [*own, *(row for row in named if row.party_id not in seen)]
    return found[:MOST_CUSTOMERS], len(exact) - len(own)


def _customer(row: Found) -> Option:
    return Option(
        row.title, "person", url=reverse("desk:customer", args=[row.party_id]), note=row.phone or row.area,
        dim=row.number if row.name else "", initials_of=row.name or "#", is_square=row.kind == Party.Kind.ORGANIZATION,
    )  # fmt: skip


def _beyond(text: str, count: int) -> list[Option]:
    """Return the way to customers beyond one's areas: shown when asked for, because the opening is recorded then."""
    if not count:
        return []
    url = f"{reverse('desk:customers')}?{urlencode({'q': text})}"
    return [Option(_("A customer of another area has this number: open"), "link", url=url, note=_("recorded"))]


def numbered(viewer: Viewer, number: str) -> list[Option]:
    """Return what bears a number: customers, and the decision."""
    if not number:
        return []
    customers, beyond = _customers(viewer, number) if looks_exact(number) else ([], 0)
    exact = [_customer(row) for row in customers if row.matched]
    is_id = number.isascii() and number.isdigit() and len(number) < 19
    rows: QuerySet[Decision] = Decision.objects.visible_to(viewer).filter(party__isnull=False)
    decisions = rows.filter(pk=int(number)).select_related("party") if is_id else rows.none()
    return [*exact, *_beyond(number, beyond), *map(_decision, decisions)]


def _decision(decision: Decision) -> Option:
    page = reverse("desk:customer", args=[decision.party_id])
    is_in_front = decision.state == Decision.State.IN_FORCE
    place = f"#decision-{decision.pk}" if is_in_front else f"?thread=decisions#event-{decision.pk}"
    party = decision.party
    title = _("Decision %(number)s: %(text)s") % {"number": decision.pk, "text": decision.text[:80]}
    return Option(title, "decision", url=page + place, note=title_of(party.name, [], party.pk) if party else "")


def recent_parties(viewer: Viewer, *, at: datetime) -> list[Option]:
    """Return the cards that the viewer opened last and may still see."""
    rights = rights_of(viewer)
    if not rights.may(PartyPermission.READ):
        return []
    ids = list(Recent.objects.visible_to(viewer).values_list("party_id", flat=True)[: MOST_RECENT * 2])
    parties = _still_visible(rights, ids, at=at)
    numbers = PartyRole.objects.visible_to(rights.beyond_areas()).filter(party__in=parties, kind="customer")
    number_of = dict(numbers.values_list("party_id", "number"))
    shown = [parties[pk] for pk in ids if pk in parties][:MOST_RECENT]
    return [_recent(party, number_of.get(party.pk, "")) for party in shown]


def _still_visible(rights: Rights, ids: Sequence[int], *, at: datetime) -> dict[int, Party]:
    own: dict[int, Party] = Party.objects.visible_to(rights).select_related("home_area").in_bulk(ids)
    opened = parties_in_hand(rights, at=at).intersection(ids) - own.keys()
    if opened:
        own |= Party.objects.visible_to(rights.beyond_areas()).select_related("home_area").in_bulk(opened)
    return own


def _recent(party: Party, number: str) -> Option:
    form = "" if party.is_person else party.legal_form
    return Option(
        title_of(party.name, [number], party.pk, form), "person", url=reverse("desk:customer", args=[party.pk]),
        dim=number if party.name else "", note=str(party.home_area or ""), initials_of=party.name or "#",
        is_square=not party.is_person,
    )  # fmt: skip
