"""What own fields there are; their values stand on the rows of the nouns, in a column `own` (JSON)."""

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from svyaz.access.queries import Rights


class OwnField(models.Model):
    """A field that the operator added to a noun: typed, named in both languages; archived, never destroyed."""

    class Noun(models.TextChoices):
        PARTY = "party", _("customer or partner")
        PRODUCT = "product", _("service of a customer")
        CONTACT = "contact", _("contact")
        DECISION = "decision", _("decision")

    class Kind(models.TextChoices):
        TEXT = "text", _("text")
        LONG_TEXT = "long_text", _("long text")
        NUMBER = "number", _("number")
        MONEY = "money", _("money")
        DATE = "date", _("date")
        BOOLEAN = "boolean", _("yes or no")
        CHOICE = "choice", _("one of a list")
        CHOICES = "choices", _("several of a list")
        PARTY = "party", _("link to a customer or partner")
        EMAIL = "email", _("e-mail")
        PHONE = "phone", _("phone")
        URL = "url", _("link")

    noun = models.CharField(_("belongs to"), max_length=8, choices=Noun)
    code = models.CharField(_("code"), max_length=40)
    kind = models.CharField(_("kind"), max_length=9, choices=Kind)
    name = models.CharField(_("name"), max_length=100)
    name_en = models.CharField(_("name in English"), max_length=100, blank=True)
    help = models.CharField(_("help"), max_length=200, blank=True)
    # [{"code", "name", "name_en", "is_active"}] in the order in which they are offered.
    options = models.JSONField(default=list, blank=True)
    # Kinds of parties that have it: individual, organization; none: both.
    applies_to = ArrayField(models.CharField(max_length=12), default=list, blank=True)
    is_required = models.BooleanField(_("required"), default=False)
    in_lists = models.BooleanField(_("column of lists"), default=True)
    is_read_restricted = models.BooleanField(default=False)
    is_write_restricted = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(default=0)
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["noun", "code"], name="own_field_code_once"),
            models.CheckConstraint(name="own_field_code_is_plain", condition=Q(code__regex=r"^[a-z][a-z0-9_]{0,39}$")),
            models.CheckConstraint(
                name="own_field_choices_have_options", condition=~Q(kind__in=["choice", "choices"]) | ~Q(options=[])
            ),
        ]

    def __str__(self) -> str:
        return self.name_en if get_language() == "en" and self.name_en else self.name

    @property
    def read_permission(self) -> str:
        """Return what a role needs to see a field that is not for everyone."""
        return f"own:{self.noun}.{self.code}:read"

    @property
    def write_permission(self) -> str:
        """Return what a role needs to change a field that is not for everyone."""
        return f"own:{self.noun}.{self.code}:write"

    def may_see(self, rights: Rights) -> bool:
        """Tell whether a viewer who sees the row sees this field of it."""
        return not self.is_read_restricted or rights.may(self.read_permission)

    def may_set(self, rights: Rights) -> bool:
        """Tell whether a viewer who may change the row may change this field of it."""
        return self.may_see(rights) and (not self.is_write_restricted or rights.may(self.write_permission))

    def applies(self, party_kind: str) -> bool:
        """Tell whether a kind of party has this field."""
        return not self.applies_to or not party_kind or party_kind in self.applies_to

    def option_names(self) -> dict[str, str]:
        """Return the names of the options in the reader's language, retired ones too."""
        key = "name_en" if get_language() == "en" else "name"
        return {option["code"]: option.get(key) or option["name"] for option in self.options}

    def offered(self) -> list[tuple[str, str]]:
        """Return the options that may be chosen now."""
        names = self.option_names()
        return [(option["code"], names[option["code"]]) for option in self.options if option.get("is_active", True)]


def own_values() -> "models.JSONField[Any, Any]":
    """Return the column of a noun that holds the values of its own fields: {code: value}."""
    return models.JSONField(default=dict, blank=True, db_default=models.Value({}, models.JSONField()), editable=False)


def own_index(name: str) -> GinIndex:
    """Return the index by which rows are found by the value of any own field; rows without any are not in it."""
    return GinIndex(fields=["own"], name=name, condition=~Q(own={}))
