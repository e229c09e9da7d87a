"""Permissions about own fields; a field that is not for everyone brings two of its own (`OwnField.may_see`)."""

from collections.abc import Mapping
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class FieldPermission(StrEnum):
    """Adding and changing own fields."""

    MANAGE = "field:manage"


# What the page of roles says: this part of the business, and each permission in plain words.
GROUP = _("Own fields")
WORDS: Mapping[StrEnum, str | Promise] = {
    FieldPermission.MANAGE: _("add and change own fields"),
}
