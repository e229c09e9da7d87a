"""Writing a contact with all that came of it, in one save."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from svyaz.access.permissions import needs
from svyaz.customer360.actions import SavedContact, save_contact
from svyaz.desk.customers.composer import REFUSALS, Composer
from svyaz.desk.customers.composer_drafts import is_overtaken, save_and_finish, sent_composer
from svyaz.desk.customers.page import PAGE, opened, page_context
from svyaz.desk.middleware import clock_of
from svyaz.desk.rendering import UNPROCESSABLE, EmployeeRequest, see_other
from svyaz.interactions.permissions import InteractionPermission
from svyaz.parties.models import Party
from svyaz.parties.queries import relationship_rights
from svyaz.workforce.queries import employee_of


@require_POST
@needs(InteractionPermission.RECORD)
def contacts(request: EmployeeRequest, party_id: int) -> HttpResponse:
    """Save the composer: contact, offer, decision, promises, what is kept or overridden; all of it or nothing."""
    at = now()
    rights = relationship_rights(request.user, party_id, at)
    if rights is None:
        raise Http404
    party = get_object_or_404(Party.objects.visible_to(rights).select_related("home_area"), pk=rights.party_id)
    zone = clock_of(party.home_area.time_zone if party.home_area else request.user.time_zone)
    composer = sent_composer(request.POST, request.user, rights, zone, at)
    if missing := composer.missing_permission():
        raise PermissionDenied(missing)
    saved = None if is_overtaken(composer) else save_and_finish(composer, lambda: saved_contact(composer, party))
    if saved is None:
        return _with_errors(request, composer, party.pk)
    return see_other(reverse("desk:customer", args=[party.pk]), request=request, said=words_of(saved))


def saved_contact(composer: Composer, party: Party | None) -> SavedContact | None:
    """Save what was sent; None where something is wrong with it, which the composer then says."""
    if not composer.is_valid():
        return None
    try:
        draft, employee = composer.contact_draft(), employee_of(composer.user)
        return save_contact(party=party, draft=draft, employee=employee, by=composer.user, at=composer.now)
    except REFUSALS as fact:
        composer.refuse(fact)
        return None


def words_of(saved: SavedContact) -> str:
    """Say what was saved."""
    if saved.decision is not None and saved.decision.state == saved.decision.State.PROPOSED:
        return _("Saved. The decision waits for approval: it is above your limit.")
    if saved.decision is not None:
        return _("Saved. The decision is in force.")
    return _("Saved, the decision stands.") if saved.kept else _("Saved.")


def _with_errors(request: EmployeeRequest, composer: Composer, party_id: int) -> HttpResponse:
    """Show the composer again with everything typed and what is wrong; without a script the whole page."""
    context = page_context(request, opened(request, party_id, composer.now), composer.now, composer)
    if not request.htmx:
        return render(request, PAGE, context, status=UNPROCESSABLE)
    response = render(request, "desk/customers/composer.html", context, status=UNPROCESSABLE)
    response["HX-Retarget"], response["HX-Reswap"], response["HX-Reselect"] = "#composer", "outerHTML", "#composer"
    return response
