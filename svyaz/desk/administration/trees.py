"""The trees of the house: departments, territories, topics."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from svyaz.access.actions import move_area
from svyaz.desk.administration.register import Line, Register, RegisterForm, tree_choices
from svyaz.desk.users.forms import TIME_ZONES
from svyaz.interactions.actions import save_topic
from svyaz.interactions.permissions import InteractionPermission
from svyaz.interactions.queries import changes_of_topic, topic_tree
from svyaz.places.actions import change_area, create_area
from svyaz.places.models import Area
from svyaz.places.permissions import PlacePermission
from svyaz.places.queries import area_tree, changes_of_area
from svyaz.users.models import User
from svyaz.workforce.actions import (
    appoint_head,
    change_department,
    close_department,
    create_department,
    reopen_department,
)
from svyaz.workforce.permissions import WorkforcePermission
from svyaz.workforce.queries import changes_of_department, department_tree, possible_heads

CODE = r"[a-z0-9][a-z0-9_-]*"


def code_field(most: int) -> forms.RegexField:
    """Return the field of a code: what names a row in files and for programs, for good."""
    return forms.RegexField(
        rf"^{CODE}$",
        label=_("Code"),
        max_length=most,
        help_text=_("Names it in files and for programs; stays for good."),
    )


def found_in(tree: list[tuple[int, Any]], row_id: object) -> Any:
    """Return the row of a tree with this id."""
    return next((row for _depth, row in tree if str(row.pk) == str(row_id)), None)


class DepartmentForm(RegisterForm):
    """A department: names, what it belongs to, where it works, who heads it, whether it is closed."""

    only_new = ("code",)
    code = code_field(40)
    name = forms.CharField(label=pgettext_lazy("of a thing", "Name"), max_length=120)
    name_en = forms.CharField(label=_("Name in English"), max_length=120, required=False)
    parent = forms.ChoiceField(label=_("Belongs to"), required=False)
    area = forms.ChoiceField(label=_("Works in"), required=False)
    head = forms.ChoiceField(label=_("Head"), required=False)
    is_closed = forms.BooleanField(label=_("Closed"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.departments, self.areas = department_tree(), area_tree()
        self.choose("parent", tree_choices(self.departments), _("none"))
        self.choose("area", tree_choices(self.areas), _("everywhere"))
        if self.row is None:
            del self.fields["head"], self.fields["is_closed"]
        else:
            self.heads = list(possible_heads(self.row))
            self.choose(
                "head", [(str(one.pk), f"{one.name} · {one.local_position}") for one in self.heads], _("nobody")
            )

    def values_of(self, row: Any) -> dict[str, Any]:
        """Return what the fields show of a department."""
        return {
            "name": row.name, "name_en": row.name_en, "parent": row.parent_id, "area": row.area_id,
            "head": row.head_id, "is_closed": row.valid_to is not None,
        }  # fmt: skip

    def save(self, *, by: User, at: datetime) -> Any:
        """Create or change the department."""
        given = self.cleaned_data
        values = {
            "name": given["name"], "name_en": given["name_en"],
            "parent": found_in(self.departments, given["parent"]), "area": found_in(self.areas, given["area"]),
        }  # fmt: skip
        if self.row is None:
            return create_department(code=given["code"], by=by, at=at, **values)
        change_department(department=self.row, by=by, at=at, **values)
        head = next((one for one in self.heads if str(one.pk) == given["head"]), None)
        appoint_head(department=self.row, head=head, by=by, at=at)
        if given["is_closed"] and self.row.valid_to is None:
            return close_department(department=self.row, by=by, at=at)
        return self.row if given["is_closed"] else reopen_department(department=self.row, by=by, at=at)


def department_lines(viewer: User) -> list[Line]:
    """Return the departments as a tree, with head and how many work there."""
    return [
        Line(
            row, str(row), depth, row.head.name if row.head else "",
            ((_("closed"), ""),) if row.valid_to else (), str(vars(row)["staff"] or ""),
        )
        for depth, row in department_tree()
    ]  # fmt: skip


DEPARTMENTS = Register(
    "departments", "route", WorkforcePermission.MANAGE, _("Departments"), _("New department"),
    _("A department has a head, to whom promises pass and whose people's work he sees. Closed ones keep their past."),
    department_lines, lambda row_id: found_in(department_tree(), row_id), DepartmentForm, changes_of_department,
)  # fmt: skip


class AreaForm(RegisterForm):
    """A territory: where it lies, its names, code and clock."""

    only_new = ("kind",)
    kind = forms.ChoiceField(label=_("Kind"), choices=Area.Kind.choices[1:])
    parent = forms.ChoiceField(label=_("Lies in"), required=False)
    code = forms.CharField(label=_("Code"), max_length=32, help_text=_("ISO 3166-2 of a region, OKTMO below it."))
    name = forms.CharField(label=pgettext_lazy("of a thing", "Name"), max_length=200)
    name_en = forms.CharField(label=_("Name in English"), max_length=200, required=False)
    time_zone = forms.ChoiceField(
        label=_("Time zone"), required=False, help_text=_("Terms and quiet hours of its customers go by this clock.")
    )
    is_service_area = forms.BooleanField(label=_("We serve here"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.areas = area_tree()
        self.fields["parent"].required = self.row is None or self.row.kind != Area.Kind.COUNTRY
        self.choose("parent", tree_choices(self.areas), _("none"))
        zones: dict[str, Any] = dict(TIME_ZONES)
        if self.row is not None:
            zones.setdefault(self.row.time_zone, self.row.time_zone)
        self.choose("time_zone", zones.items(), _("as above it") if self.row is None else None)

    def values_of(self, row: Any) -> dict[str, Any]:
        """Return what the fields show of a territory."""
        return {
            "parent": row.parent_id, "code": row.code, "name": row.name, "name_en": row.name_en,
            "time_zone": row.time_zone, "is_service_area": row.is_service_area,
        }  # fmt: skip

    def save(self, *, by: User, at: datetime) -> Any:
        """Create or change the territory, and move it where another place was chosen."""
        given = dict(self.cleaned_data)
        parent = found_in(self.areas, given.pop("parent"))
        if self.row is None:
            return create_area(parent=parent, by=by, at=at, **given)
        if parent is not None:
            move_area(area=self.row, parent=parent, by=by, at=at)
        return change_area(area=self.row, by=by, at=at, **given)


def area_lines(viewer: User) -> list[Line]:
    """Return the territories as a tree, with code, and with the clock where it is another than above."""
    return [
        Line(
            row, str(row), depth, _clock_of(row), ((_("service area"), "accent"),) if row.is_service_area else (),
            row.code,
        )
        for depth, row in area_tree()
    ]  # fmt: skip


def _clock_of(area: Area) -> str:
    if area.parent is None or area.parent.time_zone == area.time_zone:
        return ""
    return gettext("by the clock of %(zone)s") % {"zone": TIME_ZONES.get(area.time_zone, area.time_zone)}


AREAS = Register(
    "areas", "map-pin", PlacePermission.MANAGE, _("Territories"), _("New territory"),
    _("Country, regions, districts, towns. Who holds a role in one holds it in all that lies in it."),
    area_lines, lambda row_id: found_in(area_tree(), row_id), AreaForm, changes_of_area,
)  # fmt: skip


class TopicForm(RegisterForm):
    """A reason for which people turn to us."""

    only_new = ("code",)
    code = code_field(64)
    name = forms.CharField(label=pgettext_lazy("of a thing", "Name"), max_length=120)
    name_en = forms.CharField(label=_("Name in English"), max_length=120, required=False)
    parent = forms.ChoiceField(label=_("Belongs to"), required=False)
    is_active = forms.BooleanField(label=_("Offered for new contacts"), required=False, initial=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.topics = topic_tree()
        self.choose("parent", tree_choices(self.topics), _("none"))

    def values_of(self, row: Any) -> dict[str, Any]:
        """Return what the fields show of a topic."""
        return {"name": row.name, "name_en": row.name_en, "parent": row.parent_id, "is_active": row.is_active}

    def save(self, *, by: User, at: datetime) -> Any:
        """Create or change the topic."""
        given = dict(self.cleaned_data)
        given["parent"] = found_in(self.topics, given["parent"])
        code = self.row.code if self.row is not None else given.pop("code")
        return save_topic(code=code, by=by, at=at, **given)


def topic_lines(viewer: User) -> list[Line]:
    """Return the topics as a tree."""
    return [
        Line(row, str(row), depth, "", () if row.is_active else ((_("no longer offered"), ""),), row.code)
        for depth, row in topic_tree()
    ]


TOPICS = Register(
    "topics", "message-square", InteractionPermission.MANAGE_TOPICS, _("Topics"), _("New topic"),
    _("Why people turn to us: what a contact is about. Reports and precedents go by these."),
    topic_lines, lambda row_id: found_in(topic_tree(), row_id), TopicForm, changes_of_topic,
)  # fmt: skip
