"""Asking in a template what the viewer may do: what he may not is not shown."""

from collections.abc import Mapping

from django import template

from svyaz.access.queries import rights_of

register = template.Library()


@register.simple_tag(takes_context=True)
def may(context: template.Context, permission: str) -> bool:
    """Tell whether the viewer holds a permission anywhere; the action itself asks again."""
    request = context.get("request")
    return request is not None and rights_of(request.user).may(permission)


@register.filter
def item(values: object, name: str) -> object:
    """Return what stands under a name in the values of a form that was sent; nothing if none was."""
    return values.get(name, "") if isinstance(values, Mapping) else ""
