"""Employees: taken on, moved, let go; their log-ins, skills and roles."""

from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from svyaz.access.permissions import AccessPermission, needs
from svyaz.access.queries import rights_of, roles
from svyaz.desk.administration.changes import history
from svyaz.desk.administration.facts import REFUSALS, field_of, words_of
from svyaz.desk.administration.logins import link_of, login_context
from svyaz.desk.administration.register import saved_by, tree_choices
from svyaz.desk.administration.sections import show
from svyaz.desk.paging import PAGE, pages
from svyaz.desk.rendering import EmployeeRequest, refused, see_other
from svyaz.desk.undo import say_with_undo
from svyaz.desk.users.forms import TIME_ZONES
from svyaz.places.queries import area_tree
from svyaz.users.models import User
from svyaz.workforce.actions import (
    NewEmployee,
    change_employee,
    leave,
    move_employee,
    open_login,
    save_skill,
    take_on,
)
from svyaz.workforce.models import Employee
from svyaz.workforce.permissions import WorkforcePermission
from svyaz.workforce.queries import changes_of_employee, department_tree, head_of, skills, staff_named

NAME = r"^[A-Za-z0-9][A-Za-z0-9._-]{1,63}$"
DAY = forms.DateInput({"type": "date"}, format="%Y-%m-%d")


class WorkForm(forms.Form):
    """What an employee is called, and where he works as what."""

    name = forms.CharField(label=gettext_lazy("Surname, name, patronymic"), max_length=200)
    number = forms.CharField(label=gettext_lazy("Staff number"), max_length=20)
    department = forms.ChoiceField(label=gettext_lazy("Department"))
    position = forms.CharField(label=gettext_lazy("Position"), max_length=120)
    position_en = forms.CharField(label=gettext_lazy("Position in English"), max_length=120, required=False)

    def __init__(self, data: Any = None, *, employee: Employee | None = None, **more: Any) -> None:
        super().__init__(data, initial=_work_of(employee) if employee else None, **more)
        self.employee = employee
        self.departments = [(depth, row) for depth, row in department_tree() if row.valid_to is None]
        offer(self, "department", [("", "—"), *tree_choices(self.departments)])

    def chosen_department(self) -> Any:
        """Return the department."""
        return next(row for _depth, row in self.departments if str(row.pk) == self.cleaned_data["department"])

    def save(self, *, by: User, at: datetime) -> Employee:
        """Correct and move the employee."""
        assert self.employee is not None
        given = self.cleaned_data
        change_employee(employee=self.employee, number=given["number"], name=given["name"], by=by, at=at)
        return move_employee(
            employee=self.employee, department=self.chosen_department(), position=given["position"],
            position_en=given["position_en"], by=by, at=at,
        )  # fmt: skip


def _work_of(employee: Employee) -> dict[str, Any]:
    return {
        "name": employee.name, "number": employee.number, "department": employee.department_id,
        "position": employee.position, "position_en": employee.position_en,
    }  # fmt: skip


def offer(form: forms.Form, name: str, choices: list[tuple[str, Any]]) -> None:
    """Set what one field of a form offers."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices


class LoginForm(forms.Form):
    """A log-in: its name, language and clock, and the first role."""

    username = forms.RegexField(
        NAME, label=gettext_lazy("User name"), max_length=64, help_text=gettext_lazy("Latin letters, digits, . _ -")
    )
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=settings.LANGUAGES)
    time_zone = forms.ChoiceField(label=gettext_lazy("Time zone"), choices=TIME_ZONES.items())
    role = forms.ChoiceField(label=gettext_lazy("Role"), required=False)
    area = forms.ChoiceField(label=gettext_lazy("Where"), required=False)

    def __init__(self, data: Any = None, *, employee: Employee | None = None, **more: Any) -> None:
        super().__init__(data, initial={"time_zone": "Europe/Moscow"}, auto_id="login_%s", **more)
        self.employee, self.roles, self.areas = employee, list(roles()), area_tree()
        offer(self, "role", [("", _("none yet")), *((str(one.pk), str(one)) for one in self.roles)])
        offer(self, "area", [("", _("everywhere")), *tree_choices(self.areas)])

    def chosen(self) -> dict[str, Any]:
        """Return what the action takes."""
        given = self.cleaned_data
        return {
            "username": given["username"], "language": given["language"] or "ru",
            "time_zone": given["time_zone"] or "Europe/Moscow",
            "role": next((one for one in self.roles if str(one.pk) == given["role"]), None),
            "area": next((area for _depth, area in self.areas if str(area.pk) == given["area"]), None),
        }  # fmt: skip

    def save(self, *, by: User, at: datetime) -> str:
        """Open the log-in; return the key by which the password is chosen."""
        assert self.employee is not None
        return open_login(employee=self.employee, by=by, at=at, **self.chosen())


class LevelsForm(forms.Form):
    """How good somebody is at each thing, from 1 to 5."""

    def __init__(self, data: Any = None, *, employee: Employee | None = None) -> None:
        super().__init__(data, auto_id="skill_%s")
        self.employee, self.skills = employee, list(skills())
        held = {one.skill_id: one.level for one in employee.skills.all()} if employee else {}
        for skill in self.skills:
            self.fields[f"skill_{skill.pk}"] = forms.TypedChoiceField(
                label=str(skill), choices=[(0, "—"), *((level, str(level)) for level in range(1, 6))], coerce=int,
                empty_value="0", required=False, initial=held.get(skill.pk, 0),
            )  # fmt: skip

    def chosen(self) -> dict[Any, int]:
        """Return the level of each skill."""
        return {skill: int(self.cleaned_data[f"skill_{skill.pk}"]) for skill in self.skills}

    def save(self, *, by: User, at: datetime) -> Employee:
        """Note the levels that differ."""
        assert self.employee is not None
        for skill, level in self.chosen().items():
            save_skill(employee=self.employee, code=skill.code, name=skill.name, level=level, by=by, at=at)
        return self.employee


@require_safe
@needs(WorkforcePermission.MANAGE)
def index(request: EmployeeRequest) -> HttpResponse:
    """Show the employees, those who left too, by name; `q` finds by name, number or user name."""
    asked = request.GET.get("q", "")[:100]
    rows, following = _page(staff_named(request.user, asked), request.GET.get("after", "")[:300])
    return show(request, "people", "people.html", "list", {"rows": rows, "q": asked, **pages(request, following)})


def _page(found: "QuerySet[Employee]", after: str) -> tuple[list[Employee], str]:
    """Return one page by name, and the key of the next one: the last one's number and name."""
    number, _colon, key = after.partition(":")
    if number.isascii() and number.isdigit() and len(number) < 19:
        found = found.filter(name_key__gte=key).filter(Q(name_key__gt=key) | Q(pk__gt=int(number)))
    rows = list(found[: PAGE + 1])
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    return rows[:PAGE], f"{last.pk}:{last.name_key}" if last else ""


@require_http_methods(["GET", "HEAD", "POST"])
@needs(WorkforcePermission.MANAGE)
def new(request: EmployeeRequest) -> HttpResponse:
    """Take somebody on; with a user name the page then shows the link by which he chooses his password."""
    data = request.POST if request.method == "POST" else None
    may_let_in = rights_of(request.user).may(AccessPermission.MANAGE)
    work, levels = WorkForm(data), LevelsForm(data)
    wants_login = data is not None and may_let_in and bool(data.get("username", "").strip())
    login = LoginForm(data if wants_login else None)
    if data is not None and all(form.is_valid() for form in (work, levels, *([login] if wants_login else []))):
        answer = _take_on(request, work, levels, login if wants_login else None)
        if answer is not None:
            return answer
    context = {"work": work, "levels": levels, "login": login if may_let_in else None}
    return show(request, "people", "person_new.html", "person", context, status=200 if data is None else 422)


def _take_on(
    request: EmployeeRequest, work: WorkForm, levels: LevelsForm, login: LoginForm | None
) -> HttpResponse | None:
    given = work.cleaned_data
    draft = NewEmployee(
        number=given["number"], name=given["name"], department=work.chosen_department(), position=given["position"],
        position_en=given["position_en"],
        skills={skill: level for skill, level in levels.chosen().items() if level}, **(login.chosen() if login else {}),
    )  # fmt: skip
    try:
        employee, key = take_on(draft=draft, by=request.user, at=now())
    except REFUSALS as fact:
        field = field_of(fact)
        form = work if field in work.fields or login is None else login
        form.add_error(field if field in form.fields else None, words_of(fact))
        return None
    if not key or employee.user is None:
        return see_other(reverse("desk:administration_person", args=[employee.pk]), request=request, said=_("Saved."))
    return person_page(request, employee, link=link_of(request, employee.user, key))


@require_http_methods(["GET", "HEAD", "POST"])
@needs(WorkforcePermission.MANAGE)
def person(request: EmployeeRequest, employee_id: int) -> HttpResponse:
    """Show an employee; his name, number, department and position are changed here."""
    employee = _employee(request, employee_id)
    form = WorkForm(request.POST if request.method == "POST" else None, employee=employee)
    if request.method == "POST" and form.is_valid():
        former = [(name, str(value)) for name, value in form.initial.items()]
        if saved_by(form, by=request.user, at=now()) is not None:
            say_with_undo(request, _("Saved."), request.path, former)
            return see_other(request.path)
    return person_page(request, employee, work=form, status=422 if form.is_bound else 200)


def _employee(request: EmployeeRequest, employee_id: int) -> Employee:
    return get_object_or_404(staff_named(request.user, ""), pk=employee_id)


def person_page(request: EmployeeRequest, employee: Employee, *, status: int = 200, **more: Any) -> HttpResponse:
    """Draw an employee's page."""
    context: dict[str, Any] = {
        "employee": employee, "work": WorkForm(employee=employee), "levels": LevelsForm(employee=employee),
        "login": LoginForm(employee=employee), "head": head_of(employee), "today": localdate(),
        "changes": history(changes_of_employee(employee)),
    }  # fmt: skip
    if employee.user is not None:
        context |= login_context(employee.user)
    return show(request, "people", "person.html", "person", {**context, **more}, status=status)


@require_POST
@needs(WorkforcePermission.MANAGE)
def levels(request: EmployeeRequest, employee_id: int) -> HttpResponse:
    """Note an employee's skills."""
    employee = _employee(request, employee_id)
    page = reverse("desk:administration_person", args=[employee.pk])
    form = LevelsForm(request.POST, employee=employee)
    if form.is_valid():
        former = [(name, str(field.initial)) for name, field in form.fields.items()]
        if saved_by(form, by=request.user, at=now()) is not None:
            say_with_undo(request, _("Saved."), request.path, former)
            return see_other(page)
    return person_page(request, employee, levels=form, status=422)


@require_POST
@needs(AccessPermission.MANAGE)
def login(request: EmployeeRequest, employee_id: int) -> HttpResponse:
    """Open a log-in for an employee; the page then shows the link by which he chooses his password."""
    employee = _employee(request, employee_id)
    form = LoginForm(request.POST, employee=employee)
    if form.is_valid():
        key = saved_by(form, by=request.user, at=now())
        if key is not None:
            employee = _employee(request, employee_id)
            assert employee.user is not None
            return person_page(request, employee, link=link_of(request, employee.user, key))
    return person_page(request, employee, login=form, status=422)


@require_POST
@needs(WorkforcePermission.MANAGE)
def leaving(request: EmployeeRequest, employee_id: int) -> HttpResponse:
    """End the employment: the log-in closes, customers and promises pass to the head."""
    employee = _employee(request, employee_id)
    page = reverse("desk:administration_person", args=[employee.pk])
    try:
        leave(employee=employee, by=request.user, at=now())
    except REFUSALS as fact:
        return refused(request, page, words_of(fact))
    return see_other(page, request=request, said=_("The employment is ended."))
