"""What a viewer may see: his permissions, each with the areas in which he holds it."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Self, TypeVar

from axes.models import AccessAttempt
from django.apps import apps
from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.db import models
from django.db.models import Q
from django.utils.timezone import now

from svyaz.access.models import Assignment, Opening, OpeningQuestion, Role
from svyaz.history.models import Event
from svyaz.history.queries import changes_of, events_of_parties
from svyaz.places.models import Area
from svyaz.users.models import ApiToken, User
from svyaz.users.queries import has_second_factor


@dataclass(frozen=True)
class Rights:
    """The rights of one viewer: for each permission the areas it holds in (None: everywhere).

    With `party_id` the relationship with one party is in hand: everything of that party and of no other. `merged` are
    those that were merged into it: what was written for them belongs to the relationship too.
    """

    user_id: int
    areas: Mapping[str, frozenset[int] | None]
    party_id: int | None = None
    merged: tuple[int, ...] = ()

    @property
    def parties(self) -> tuple[int, ...]:
        """Return the ids of the relationship in hand: the survivor's first; none without one."""
        return () if self.party_id is None else (self.party_id, *self.merged)

    def may(self, permission: str) -> bool:
        """Tell whether the viewer holds a permission anywhere."""
        return str(permission) in self.areas

    def may_in(self, permission: str, area_id: int | None) -> bool:
        """Tell whether the viewer holds a permission in an area; what has no area yet is everyone's."""
        if not self.may(permission):
            return False
        areas = self.areas[str(permission)]
        return areas is None or area_id is None or area_id in areas

    def holds_throughout(self, permission: str, area_id: int | None) -> bool:
        """Tell whether the viewer holds a permission in all of an area, or everywhere where none is named."""
        if not self.may(permission):
            return False
        areas = self.areas[str(permission)]
        return areas is None or (area_id is not None and area_id in areas)

    def in_hand(self, party_id: int, merged: Iterable[int] = ()) -> "Rights":
        """Return the same rights with one relationship in hand: a party and those that were merged into it.

        Who has a party and not only its id asks `svyaz.parties.queries.holding`, which knows the merged ones.
        """
        return replace(self, party_id=party_id, merged=tuple(merged))

    def within(self, scopes: Iterable[str]) -> "Rights":
        """Return the rights cut down to some permissions (a token's scopes); no scopes cut nothing."""
        kept = frozenset(scopes)
        return replace(self, areas={name: self.areas[name] for name in self.areas if name in kept}) if kept else self

    def granting(self, permission: str) -> "Rights":
        """Return the rights with one more, where they lack it: for reading back what one has just written."""
        return self if self.may(permission) else replace(self, areas={**self.areas, str(permission): None})

    def beyond_areas(self) -> "Rights":
        """Return the same permissions without their areas, for who names a customer by an exact identifier."""
        return replace(self, areas=dict.fromkeys(self.areas))

    @cached_property
    def profile(self) -> frozenset[str]:
        """Return the permissions alone: viewers of one profile see the same panels."""
        return frozenset(self.areas)


Viewer = Any  # User, AnonymousUser or Rights
ModelT = TypeVar("ModelT", bound=models.Model)


def rights_of(viewer: Viewer) -> Rights:
    """Return the rights of a user as of now, read once and kept on the user; Rights come back as they are."""
    if isinstance(viewer, Rights):
        return viewer
    kept: Rights | None = getattr(viewer, "_rights", None)
    if kept is None:
        kept = _read_rights(viewer, at=now()) if getattr(viewer, "is_active", False) else Rights(viewer.pk or 0, {})
        viewer._rights = kept
    return kept


def token_in_use(digest: str, *, at: datetime) -> ApiToken | None:
    """Return the good token with this digest, if its user may log in; what the user may do is cut to its scopes."""
    token = ApiToken.objects.select_related("user").filter(digest=digest).first()
    if token is None or not token.is_good(at) or not token.user.is_active:
        return None
    token.user._rights = rights_of(token.user).within(token.scopes)  # type: ignore[attr-defined]
    return token


def user_named(username: str) -> User | None:
    """Return the user of this name, case aside."""
    return User.objects.filter(username=username.lower()).first()


def tokens(username: str = "") -> "models.QuerySet[ApiToken]":
    """Return all tokens, or one user's, the newest first."""
    found = ApiToken.objects.select_related("user").order_by("-pk")
    return found.filter(user__username=username.lower()) if username else found


@dataclass(frozen=True)
class PermissionGroup:
    """The permissions of one part of the business: its name, and each permission with its words."""

    name: Any
    permissions: Mapping[str, Any]


# The order of the page of roles: the relationship first, the house's own order last.
_GROUP_ORDER = (
    "parties", "interactions", "decisions", "services", "billing", "markets", "exchange", "workforce", "places",
    "access",
)  # fmt: skip


def permission_groups() -> list[PermissionGroup]:
    """Return every permission that a package declares, in plain words, in the order of the business."""
    declared = {
        app.label: import_module(f"{app.name}.permissions")
        for app in apps.get_app_configs()
        if app.name.startswith("svyaz.") and find_spec(f"{app.name}.permissions")
    }
    place = {label: number for number, label in enumerate(_GROUP_ORDER)}
    found = []
    for label in sorted(declared, key=lambda label: place.get(label, len(place) - 2.5)):
        module = declared[label]
        own = (value for value in vars(module).values() if getattr(value, "__module__", "") == module.__name__)
        enums = (value for value in own if isinstance(value, type) and issubclass(value, StrEnum))
        values = [permission for enum in enums for permission in enum]
        words: Mapping[StrEnum, Any] = getattr(module, "WORDS", {})
        named = {str(value): words.get(value, str(value)) for value in values}
        found.append(PermissionGroup(getattr(module, "GROUP", label), named))
    return [group for group in found if group.permissions]


def all_permissions() -> frozenset[str]:
    """Return every permission that a package declares."""
    return frozenset(permission for group in permission_groups() for permission in group.permissions)


def _read_rights(user: User, *, at: datetime) -> Rights:
    rows = Assignment.objects.in_force(at).filter(user=user).values_list("role__permissions", "area_id")
    roots: dict[str, set[int | None]] = defaultdict(set)
    for permissions, area_id in rows:
        for permission in permissions:
            roots[permission].add(area_id)
    below = {root: Area.objects.below(root) for root in {area for held in roots.values() for area in held if area}}
    return Rights(user.pk, {name: _areas(held, below) for name, held in roots.items()})


def _areas(held: set[int | None], below: Mapping[int, frozenset[int]]) -> frozenset[int] | None:
    if None in held:
        return None
    return frozenset().union(*(below[area] for area in held if area is not None))


def any_of(lookup: str, parties: Iterable[int]) -> Q:
    """Return the condition that a column names one of some parties.

    One comparison each, because they may also be parameters of a compiled statement, which a list cannot hold.
    """
    condition = Q()
    for party in parties:
        condition |= Q(**{lookup: party})
    return condition


class PartyScopedQuerySet(models.QuerySet[ModelT]):
    """Rows of a party: seen with the permission where the party's area is one's own, or with that party in hand."""

    permission: str
    party_lookup = "party"

    def visible_to(self, viewer: Viewer) -> Self:
        """Return the rows that the viewer may see; none without the permission."""
        rights = rights_of(viewer)
        if not rights.may(self.permission):
            return self.none()
        if rights.party_id is not None:
            return self.filter(any_of(f"{self.party_lookup}_id", rights.parties))
        areas = rights.areas[str(self.permission)]
        if areas is None:
            return self
        area = f"{self.party_lookup}__home_area"
        return self.filter(Q(**{f"{area}__in": areas}) | Q(**{f"{area}__isnull": True}))


def is_in_hand(rights: Rights, *parties: int, at: datetime) -> bool:
    """Tell whether an exact identifier or a contact still opens one of these parties to the viewer."""
    return Opening.objects.filter(by=rights.user_id, party_id__in=parties, opens_until__gt=at).exists()


def parties_in_hand(viewer: Viewer, *, at: datetime) -> frozenset[int]:
    """Return the parties beyond the viewer's areas that an identifier or a contact still opens to him."""
    opened = Opening.objects.filter(by=rights_of(viewer).user_id, opens_until__gt=at)
    return frozenset(opened.values_list("party_id", flat=True))


def roles() -> "models.QuerySet[Role]":
    """Return all roles by name: what each may is no secret within the operator."""
    return Role.objects.order_by("name", "pk")


def holders(role: Role, *, at: datetime) -> "models.QuerySet[Assignment]":
    """Return who holds a role now or will, by name, with area and period."""
    found: models.QuerySet[Assignment] = Assignment.objects.not_over(at).filter(role=role)
    return found.select_related("user", "area", "role").order_by("user__name", "pk")


def holders_counted(*, at: datetime) -> dict[int, int]:
    """Return how many people hold each role now, by the role's id."""
    held = Assignment.objects.in_force(at).filter(user__is_active=True).order_by().values_list("role")
    return dict(held.annotate(count=models.Count("user", distinct=True)))


def assignments_of(user: User, *, at: datetime) -> "models.QuerySet[Assignment]":
    """Return the roles that a user holds now or will, with area and period."""
    found: models.QuerySet[Assignment] = Assignment.objects.not_over(at).filter(user=user)
    return found.select_related("role", "area", "user").order_by("role__name", "pk")


def assignments_open(*, at: datetime) -> "models.QuerySet[Assignment]":
    """Return every assignment that is not over."""
    found: models.QuerySet[Assignment] = Assignment.objects.not_over(at)
    return found.select_related("role", "area", "user")


def people() -> "models.QuerySet[User]":
    """Return the employees' log-ins that are open, by name."""
    return User.objects.filter(kind=User.Kind.PERSON, is_active=True).order_by("name", "pk")


def everyone_who_logs_in() -> "models.QuerySet[User]":
    """Return all log-ins of people, barred ones too, and of programs."""
    return User.objects.filter(kind__in=[User.Kind.PERSON, User.Kind.INTEGRATION]).order_by("name", "pk")


def link_is_good(user_id: int, key: str) -> User | None:
    """Return the user who may choose a password by the key of a link; nobody if it is spent."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    return user if user is not None and default_token_generator.check_token(user, key) else None


def integrations() -> "models.QuerySet[User]":
    """Return the users as which programs act, by name."""
    return User.objects.filter(kind=User.Kind.INTEGRATION).order_by("name", "pk")


def is_locked_out(user: User) -> bool:
    """Tell whether too many wrong passwords keep a user from trying again for a while."""
    limit = settings.AXES_FAILURE_LIMIT
    return bool(AccessAttempt.objects.filter(username=user.username, failures_since_start__gte=limit).exists())


def changes_of_role(role: Role) -> "models.QuerySet[Event]":
    """Return what happened to a role and to its assignments, the latest first."""
    given = Assignment.objects.filter(role=role).values_list("pk", flat=True)
    return changes_of((Role, [role.pk]), (Assignment, given))


def changes_of_roles() -> "models.QuerySet[Event]":
    """Return what happened to all roles, the latest first."""
    return changes_of((Role, Role.objects.values_list("pk", flat=True)))


def changes_of_user(user: User) -> "models.QuerySet[Event]":
    """Return what happened to a user, his roles and his tokens, the latest first."""
    given = Assignment.objects.filter(user=user).values_list("pk", flat=True)
    issued = ApiToken.objects.filter(user=user).values_list("pk", flat=True)
    return changes_of((User, [user.pk]), (Assignment, given), (ApiToken, issued))


def owes_second_factor(user: User, *, at: datetime) -> bool:
    """Tell whether a role of the user asks for a second factor that he has not set up."""
    asked = Assignment.objects.in_force(at).filter(user=user, role__requires_second_factor=True).exists()
    return asked and not has_second_factor(user)


def opening_in_force(viewer: Viewer, party_id: int, *, at: datetime) -> Opening | None:
    """Return what opens a party beyond the viewer's areas to him now: the one that lasts longest."""
    acts = Opening.objects.acts().filter(by=rights_of(viewer).user_id, party_id=party_id, opens_until__gt=at)
    found: Opening | None = acts.order_by("-opens_until", "-pk").first()
    return found


def questions_about(openings: Iterable[Opening]) -> dict[int, list[OpeningQuestion]]:
    """Return what was asked about each opening, in order, with who asked."""
    found: dict[int, list[OpeningQuestion]] = defaultdict(list)
    ids = [opening.pk for opening in openings]
    for row in OpeningQuestion.objects.filter(opening__in=ids).select_related("asked_by").order_by("pk"):
        found[row.opening_id].append(row)
    return found


def questions_to(viewer: Viewer) -> "models.QuerySet[OpeningQuestion]":
    """Return what the viewer is asked about cards that he opened, and has not answered yet."""
    waiting = OpeningQuestion.objects.filter(opening__by=rights_of(viewer).user_id, answered_at__isnull=True)
    return waiting.select_related("opening", "asked_by").order_by("pk")


# Of what one party saw in half a day more is not told.
MOST_DONE = 2000


def done_while_open(openings: Iterable[Opening]) -> dict[int, Counter[str]]:
    """Return the kinds of events that each opening's employee caused at that party while it was open to him."""
    acts = [opening for opening in openings if opening.opens_until is not None]
    done: dict[int, Counter[str]] = {opening.pk: Counter() for opening in acts}
    if not acts:
        return done
    events = events_of_parties({opening.party_id for opening in acts}).filter(
        by__in={opening.by_id for opening in acts},
        at__gte=min(opening.at for opening in acts),
        at__lt=max(opening.opens_until for opening in acts if opening.opens_until),
    )
    for kind, party_id, by_id, at in events.values_list("kind", "party_id", "by_id", "at")[:MOST_DONE]:
        for opening in acts:
            is_within = opening.at <= at < (opening.opens_until or at)
            if is_within and (opening.party_id, opening.by_id) == (party_id, by_id):
                done[opening.pk][kind] += 1
    return done
