"""Logging in, choosing a password, and what suits a user."""

import zoneinfo
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.utils.translation import gettext_lazy as _

from svyaz.users.models import User

# The zones of the country, and the ones of the neighbours where an operator's people may sit.
TIME_ZONES = (
    "Europe/Kaliningrad", "Europe/Moscow", "Europe/Samara", "Asia/Yekaterinburg", "Asia/Omsk", "Asia/Novosibirsk",
    "Asia/Krasnoyarsk", "Asia/Irkutsk", "Asia/Yakutsk", "Asia/Vladivostok", "Asia/Magadan", "Asia/Kamchatka",
    "Europe/Minsk", "Asia/Almaty", "UTC",
)  # fmt: skip


class LoginForm(AuthenticationForm):
    """User name and password; the case of the name does not matter."""

    error_messages = {  # noqa: RUF012
        "invalid_login": _("No one is known by this user name and password. Mind the keyboard's layout and Caps Lock."),
        "inactive": _("This user may not log in any more."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("User name")
        self.fields["password"].label = _("Password")

    def clean_username(self) -> str:
        """Return the name as it is kept."""
        return str(self.cleaned_data["username"]).strip().lower()


class PasswordForm(PasswordChangeForm):
    """The old password, and a new one that keeps the rules."""

    error_messages = {  # noqa: RUF012
        "password_incorrect": _("This is not your present password."),
        "password_mismatch": _("The two new passwords differ."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["old_password"].label = _("Present password")
        self.fields["new_password1"].label = _("New password")
        self.fields["new_password2"].label = _("New password once more")
        self.fields["new_password2"].help_text = ""


class PreferencesForm(forms.Form):
    """Language, clock and theme; what is not sent stays as it is."""

    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES, required=False)
    time_zone = forms.ChoiceField(label=_("Time zone"), required=False)
    theme = forms.ChoiceField(label=_("Theme"), choices=User.Theme.choices, required=False)

    def __init__(self, *args: Any, current_zone: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zones = [*TIME_ZONES, *({current_zone} & zoneinfo.available_timezones() - set(TIME_ZONES))]
        field = self.fields["time_zone"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(zone, zone.partition("/")[2].replace("_", " ") or zone) for zone in zones]

    def chosen(self) -> dict[str, str]:
        """Return what was sent."""
        return {name: value for name, value in self.cleaned_data.items() if value}
