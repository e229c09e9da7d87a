"""Logging in, choosing a password, and what suits a user."""

import zoneinfo
from collections.abc import Iterable
from typing import Any

from allauth.account.forms import LoginForm as AllauthLoginForm
from django import forms
from django.conf import settings
from django.contrib.auth.forms import PasswordChangeForm
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from svyaz.users.models import User

# The zones of the country, and those of the neighbours where an operator's people may sit.
TIME_ZONES = {
    "Europe/Kaliningrad": _("Kaliningrad"),
    "Europe/Moscow": _("Moscow"),
    "Europe/Samara": _("Samara"),
    "Asia/Yekaterinburg": _("Yekaterinburg"),
    "Asia/Omsk": _("Omsk"),
    "Asia/Novosibirsk": _("Novosibirsk"),
    "Asia/Krasnoyarsk": _("Krasnoyarsk"),
    "Asia/Irkutsk": _("Irkutsk"),
    "Asia/Yakutsk": _("Yakutsk"),
    "Asia/Vladivostok": _("Vladivostok"),
    "Asia/Magadan": _("Magadan"),
    "Asia/Kamchatka": _("Kamchatka"),
    "Europe/Minsk": _("Minsk"),
    "Asia/Almaty": _("Almaty"),
    "UTC": _("Greenwich"),
}


class LoginForm(AllauthLoginForm):
    """User name and password; the case of the name does not matter."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        username, password = self.fields.pop("login"), self.fields["password"]
        username.label, password.label, password.help_text = _("User name"), _("Password"), ""
        for field, autocomplete in ((username, "username"), (password, "current-password")):
            field.widget.attrs["autocomplete"] = autocomplete
        username.widget.attrs |= {"autofocus": True, "autocapitalize": "none", "maxlength": 64}
        self.fields = {"username": username, "password": password}

    def clean_username(self) -> str:
        """Return the name as it is kept."""
        name = str(self.cleaned_data["username"]).strip().lower()
        self.cleaned_data["login"] = name
        return name


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
        self.fields["old_password"].widget.attrs.pop("autofocus", None)


class PreferencesForm(forms.Form):
    """Name, language, clock and theme; what is not sent stays as it is."""

    name = forms.CharField(label=_("Name shown"), required=False, max_length=200)
    language = forms.ChoiceField(label=_("Language"), required=False)
    time_zone = forms.ChoiceField(label=_("Time zone"), required=False)
    theme = forms.ChoiceField(label=_("Theme"), required=False)

    def __init__(self, *args: Any, current_zone: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zones: dict[str, Any] = dict(TIME_ZONES)
        if current_zone in zoneinfo.available_timezones():
            zones.setdefault(current_zone, current_zone)
        self._offer("time_zone", zones.items())
        self._offer("language", settings.LANGUAGES)
        self._offer("theme", User.Theme.choices)

    def _offer(self, name: str, choices: Iterable[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(value, capfirst(words)) for value, words in choices]

    def chosen(self) -> dict[str, str]:
        """Return what was sent."""
        return {name: value for name, value in self.cleaned_data.items() if value}


class PasskeyNameForm(forms.Form):
    """What a passkey is called."""

    name = forms.CharField(label=_("Name"), max_length=60)
