"""What the frame says of notices and of who is where."""

from typing import Any

from django import template
from django.http import HttpRequest
from django.utils.timezone import now

from svyaz.access.queries import rights_of
from svyaz.notices.queries.listing import colleagues_at_card, unread_count
from svyaz.workforce.permissions import WorkforcePermission

register = template.Library()


@register.simple_tag(takes_context=True)
def notice_count(context: template.Context) -> int:
    """Return how many notices wait for the reader."""
    user = getattr(context.get("request"), "user", None)
    return unread_count(user) if user is not None and user.pk else 0


@register.simple_tag(takes_context=True)
def people_at_card(context: template.Context, party_id: int) -> list[Any]:
    """Return who else has a customer's card open now."""
    request = context.get("request")
    if not isinstance(request, HttpRequest) or not rights_of(request.user).may(WorkforcePermission.READ):
        return []
    return list(colleagues_at_card(party_id, but=request.user.pk or 0, at=now())[:8])
