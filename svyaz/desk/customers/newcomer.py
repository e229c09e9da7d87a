"""A contact of someone whose card is not open: find him, or create him, in one form."""

from dataclasses import replace
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from svyaz.access.permissions import needs
from svyaz.access.queries import Viewer, rights_of
from svyaz.customer360.actions import NewParty, SavedContact, save_contact, save_first_contact
from svyaz.customer360.queries.listing import areas_of_parties
from svyaz.desk.customers.composer import REFUSALS, Composer
from svyaz.desk.customers.composer_drafts import composer_of, is_overtaken, save_and_finish, sent_composer
from svyaz.desk.customers.composer_page import composer_context
from svyaz.desk.customers.contacts import words_of
from svyaz.desk.customers.values import title_of
from svyaz.desk.middleware import clock_of
from svyaz.desk.rendering import UNPROCESSABLE, EmployeeRequest, render_part, see_other
from svyaz.interactions.permissions import InteractionPermission
from svyaz.parties.actions import InvalidField, PartyAlreadyExists
from svyaz.parties.models import Party
from svyaz.parties.permissions import PartyPermission
from svyaz.parties.queries import Newcomer, Twin, likely_twins
from svyaz.places.models import Area
from svyaz.search.actions import search
from svyaz.workforce.queries import employee_of

UNKNOWN = "unknown"
PAGE = "desk/customers/new_contact.html"
MOST_FOUND = 8


class NewcomerForm(forms.Form):
    """Who is in contact: a person, a company, or someone who did not say."""

    use_required_attribute = False

    who = forms.ChoiceField(
        choices=[("individual", gettext_lazy("Person")), ("organization", gettext_lazy("Company")),
                 (UNKNOWN, gettext_lazy("Not known yet"))],
    )  # fmt: skip
    family_name = forms.CharField(label=gettext_lazy("Family name"), max_length=100, required=False)
    given_name = forms.CharField(label=gettext_lazy("Given name"), max_length=100, required=False)
    middle_name = forms.CharField(label=gettext_lazy("Patronymic"), max_length=100, required=False)
    name = forms.CharField(label=gettext_lazy("Company’s name"), max_length=300, required=False)
    inn = forms.CharField(label=gettext_lazy("INN"), max_length=12, required=False)
    phone = forms.CharField(label=gettext_lazy("Phone"), max_length=40, required=False)
    email = forms.CharField(label=gettext_lazy("E-mail"), max_length=254, required=False)
    home_area: "forms.ModelChoiceField[Area]" = forms.ModelChoiceField(
        label=gettext_lazy("Area"), queryset=None, required=False
    )

    def __init__(self, data: Any, *, viewer: Viewer, initial: dict[str, str] | None = None) -> None:
        super().__init__(data, initial=initial)
        area = self.fields["home_area"]
        assert isinstance(area, forms.ModelChoiceField)
        area.queryset = areas_of_parties(viewer, PartyPermission.WRITE)

    def clean(self) -> dict[str, Any]:
        """A company needs its name; a person at least a name or a way to reach him."""
        clean = self.cleaned_data
        who = clean.get("who")
        if who == Party.Kind.ORGANIZATION and not clean.get("name", "").strip():
            self.add_error("name", _("What is the company called?"))
        known = ("family_name", "given_name", "phone", "email")
        if who == Party.Kind.INDIVIDUAL and not any(clean.get(name, "").strip() for name in known):
            self.add_error("given_name", _("A name, a phone or an e-mail: something to know him by."))
        return clean

    def newcomer(self) -> NewParty:
        """Return who is to be created."""
        clean = self.cleaned_data
        is_company = clean["who"] == Party.Kind.ORGANIZATION
        names = ("name",) if is_company else ("family_name", "given_name", "middle_name")
        chosen = {name: clean[name].strip() for name in (*names, "inn", "phone", "email")}
        return NewParty(kind=clean["who"], home_area=clean["home_area"], **chosen)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(InteractionPermission.RECORD)
def new_contact(request: EmployeeRequest) -> HttpResponse:
    """Find who is in contact, or create him with his first contact."""
    if request.method == "POST":
        return _save(request)
    text = request.GET.get("q", "").strip()[:200].replace("\x00", "")
    found = search(text=text, by=request.user, at=now(), limit=MOST_FOUND + 1) if text else []
    zone = clock_of(request.user.time_zone)
    asked = request.GET.get("draft", "")
    composer = composer_of(request.user, asked=asked, party_id=None, rights=None, zone=zone, now=now())
    data = composer.data
    kept = {name: data.get(name, "") for name in NewcomerForm.base_fields} if data else {}
    form = NewcomerForm(None, viewer=request.user, initial=guessed(text) | kept)
    context = _context(composer, form) | {
        "q": text,
        "found": found[:MOST_FOUND],
        "has_more": len(found) > MOST_FOUND,
    }
    return render_part(request, PAGE, "found", context)


def guessed(text: str) -> dict[str, str]:
    """Return where in the form a searched text belongs."""
    if "@" in text:
        return {"who": "individual", "email": text}
    if any(char.isdigit() for char in text):
        return {"who": "individual", "phone": text}
    family, _space, rest = text.partition(" ")
    given, _space, middle = rest.partition(" ")
    return {"who": "individual", "family_name": family, "given_name": given, "middle_name": middle, "name": text}


def _context(composer: Composer, form: NewcomerForm, twins: list[Twin] | None = None) -> dict[str, Any]:
    may_create = rights_of(composer.user).may(PartyPermission.WRITE)
    return {
        "form": form, "may_create": may_create, "twins": [_twin(twin) for twin in twins or ()],
        "page_url": reverse("desk:new_contact"),
        "composer": composer_context(composer, None, "", keeps_all=False),
    }  # fmt: skip


def _twin(twin: Twin) -> dict[str, Any]:
    """Return a likely twin with what it has in common."""
    words = {
        "phone": _("the same phone"), "email": _("the same e-mail"), "inn": _("the same INN"),
        "name_and_birth_date": _("a like name and the same birth date"),
        "name_and_address": _("a like name and the same address"), "name": _("a like name"),
    }  # fmt: skip
    party = twin.party
    reasons = [words.get(reason, reason) for reason in twin.reasons]
    return {"id": party.pk, "title": title_of(party.name, [], party.pk, party.legal_form), "words": reasons}


def _save(request: EmployeeRequest) -> HttpResponse:
    composer = sent_composer(request.POST, request.user, None, clock_of(request.user.time_zone), now())
    form = NewcomerForm(request.POST, viewer=request.user)
    is_valid = all([form.is_valid(), composer.is_valid()])
    is_unknown = request.POST.get("who") == UNKNOWN
    missing = composer.missing_permission()
    if not is_unknown and not rights_of(request.user).may(PartyPermission.WRITE):
        missing = PartyPermission.WRITE
    if missing:
        raise PermissionDenied(missing)
    twins = _twins(request, form) if is_valid and not is_unknown and not request.POST.get("twins_seen") else []
    may_save = is_valid and not twins and not is_overtaken(composer)
    saved = save_and_finish(composer, lambda: _saved(composer, form)) if may_save else None
    if saved is None:
        return render(request, PAGE, _context(composer, form, twins), status=UNPROCESSABLE)
    party_id = saved.interaction.party_id
    said = words_of(saved) if party_id else _("Saved. It waits to be matched to someone.")
    address = reverse("desk:customer", args=[party_id]) if party_id else reverse("desk:new_contact")
    return see_other(address, request=request, said=said)


def _twins(request: EmployeeRequest, form: NewcomerForm) -> list[Twin]:
    new = form.newcomer()
    name = new.name or " ".join(filter(None, (new.family_name, new.given_name, new.middle_name)))
    newcomer = Newcomer(
        kind=new.kind, name=name, inn=new.inn, phones=[new.phone] if new.phone else (),
        emails=[new.email] if new.email else (),
    )  # fmt: skip
    return likely_twins(newcomer, viewer=request.user, at=now())


def _saved(composer: Composer, form: NewcomerForm) -> SavedContact | None:
    """Save everything at once; None where something was wrong, which the forms then say."""
    who: dict[str, Any] = {"employee": employee_of(composer.user), "by": composer.user, "at": composer.now}
    try:
        draft = composer.contact_draft()
        if form.cleaned_data["who"] == UNKNOWN:
            medium = (form.cleaned_data["phone"] or form.cleaned_data["email"]).strip()
            draft = replace(draft, interaction=replace(draft.interaction, medium=medium))
            return save_contact(party=None, draft=draft, **who)
        return save_first_contact(newcomer=form.newcomer(), draft=draft, **who)
    except REFUSALS as fact:
        composer.refuse(fact)
    except InvalidField as fact:
        form.add_error(_field_of(fact), _("This does not look right; look at it again."))
    except PartyAlreadyExists:
        form.add_error("inn", _("A company with this INN is known already: find it above."))
    return None


def _field_of(fact: InvalidField) -> str | None:
    name = str(fact.args[0]) if fact.args else ""
    reasons = {"not_an_email": "email", "not_a_phone": "phone"}
    found = reasons.get(str(fact.args[-1]), name)
    return found if found in NewcomerForm.base_fields else None
