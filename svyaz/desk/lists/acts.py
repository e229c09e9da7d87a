"""An act upon many rows: what is asked for it, what it does to one row through an action, and what takes it back."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms

from svyaz.desk.lists.columns import Look
from svyaz.users.models import User


class LeftOut(Exception):
    """The row stays as it is; the message says why, in the words of the screen."""


class ChangedSince(Exception):
    """Somebody has changed the row since, so it is not taken back."""


class ActForm(forms.Form):
    """What an act needs to know, as choices and words; `params` keeps it as JSON until the act is done."""

    use_required_attribute = False

    def __init__(self, *args: Any, look: Look, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.set_up(look)

    def set_up(self, look: Look) -> None:
        """Offer what can be chosen."""

    def params(self) -> dict[str, Any]:
        """Return what was chosen, as JSON: a row is its id."""
        return {name: getattr(value, "pk", value) for name, value in self.cleaned_data.items()}


Params = Mapping[str, Any]
Do = Callable[[Any, Params, User, datetime], dict[str, Any]]
Undo = Callable[[Any, Params, User, datetime], None]


@dataclass(frozen=True)
class Act:
    """One act. `do` returns what `undo` will need; without `undo` it cannot be taken back, and the screen says so."""

    key: str
    label: Any
    icon: str
    form: type[ActForm]
    rows: Callable[[Sequence[int], Look], Mapping[int, Any]]
    do: Do
    undo: Undo | None = None
    needs: str = ""
    also: str = ""

    @property
    def is_final(self) -> bool:
        """Tell whether it cannot be taken back (a template would call `undo` itself)."""
        return self.undo is None

    def may(self, look: Look) -> bool:
        """Tell whether the viewer may do it at all; each row is asked about again."""
        return all(look.rights.may(needed) for needed in (self.needs, self.also) if needed)
