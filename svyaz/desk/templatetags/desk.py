"""How values look on the screen: money, phone numbers, times, initials, keys; and the icon tag."""

import json
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import phonenumbers
from django import template
from django.core.serializers.json import DjangoJSONEncoder
from django.templatetags.static import static
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from svyaz.desk.icons import icon_name

register = template.Library()

NO_BREAK = "\u00a0"
SIGNS = {"RUB": "₽", "USD": "$", "EUR": "€", "KZT": "₸", "BYN": "Br", "CNY": "¥", "XXX": ""}
KEYS = {
    "Slash": "/",
    "Enter": "↵",
    "Escape": "Esc",
    "ArrowUp": "↑",
    "ArrowDown": "↓",
    "Mod": "Ctrl",
    "BracketRight": "]",
}


@register.simple_tag
def icon(name: str, tone: str = "") -> SafeString:
    """Draw an icon from the sprite; it says nothing to a screen reader, the words beside it do."""
    sprite = static("desk/built/icons.svg")
    return format_html(
        '<svg class="i {}" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>',
        tone,
        sprite,
        icon_name(name),
    )


@register.filter
def as_json(value: Any) -> str:
    """Write a value for a script to read from an attribute."""
    return json.dumps(value, cls=DjangoJSONEncoder)


@register.filter
def money(amount: Decimal | int | float | str | None, currency: str = "RUB") -> str:
    """Write an amount as people do: 1 930 ₽; kopecks only where there are any."""
    if amount is None or amount == "":
        return "—"
    value = Decimal(str(amount))
    places = 0 if value == value.to_integral_value() else 2
    number = formats.number_format(abs(value), decimal_pos=places, use_l10n=True, force_grouping=True)
    minus = "−" if value < 0 else ""
    return f"{minus}{number.replace(' ', NO_BREAK)}{NO_BREAK}{SIGNS.get(currency, currency)}".rstrip(NO_BREAK)


@register.filter
def phone(number: str | None) -> str:
    """Write a number kept as E.164 in groups: +7 921 555-12-34; what is no number stays as typed."""
    if not number:
        return ""
    try:
        parsed = phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException:
        return number
    text = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    return text.replace(" ", NO_BREAK)


@register.filter
def initials(name: str) -> str:
    """Return the two letters of an avatar: of first and last word, quotes and legal forms left out."""
    words = [word.strip("«»\"'()") for word in str(name).split()]
    words = [word for word in words if word and word.upper() not in {"ООО", "АО", "ПАО", "ЗАО", "ИП", "LLC", "INC"}]
    if not words:
        return "?"
    letters = words[0][0] + (words[1][0] if len(words) > 1 else "")
    return letters.upper()


@register.filter
def key_label(keys: str) -> str:
    """Return what stands on a key's cap: KeyK -> K, Mod+Enter -> Ctrl ↵, Shift+Slash -> ?; of several the first."""
    keys = keys.split(" ")[0]
    if keys == "Shift+Slash":
        return "?"
    if ">" in keys:
        return NO_BREAK.join(key_label(key) for key in keys.split(">"))
    caps = [KEYS.get(key, key.removeprefix("Key").removeprefix("Digit")) for key in keys.split("+")]
    return NO_BREAK.join(caps)


@register.filter
def day_name(value: date | datetime, today: date | None = None) -> str:
    """Name a day as one speaks of it: Today, Yesterday, 12 May, 12 May 2024."""
    day = _local(value).date() if isinstance(value, datetime) else value
    today = today or timezone.localdate()
    near = {today: _("Today"), today - timedelta(days=1): _("Yesterday"), today + timedelta(days=1): _("Tomorrow")}
    if day in near:
        return near[day]
    return formats.date_format(day, _("j F") if day.year == today.year else _("j F Y"))


@register.filter
def local_time(value: datetime | None) -> SafeString | str:
    """Write a moment by the reader's clock, with the whole of it for machines and on hover."""
    if value is None:
        return ""
    return _time_tag(value, formats.time_format(_local(value), "H:i"))


@register.filter
def moment(value: datetime | date | None, place: str = "") -> SafeString | str:
    """Write a day and, where known, the time: Yesterday 16:20; small within a sentence (`moment:"inline"`)."""
    if value is None:
        return ""
    if not isinstance(value, datetime):
        return format_html('<time datetime="{}">{}</time>', value.isoformat(), _placed(day_name(value), place))
    words = f"{day_name(value)} {formats.time_format(_local(value), 'H:i')}"
    return _time_tag(value, _placed(words, place))


def _placed(words: str, place: str) -> str:
    return words[:1].lower() + words[1:] if place == "inline" else words


@register.filter
def relative(value: datetime | None, now: datetime | None = None) -> SafeString | str:
    """Write how far a moment is from now, in one unit: in 2 h, 3 days ago."""
    if value is None:
        return ""
    seconds = int((value - (now or timezone.now())).total_seconds())
    return _time_tag(value, _distance(seconds))


def _distance(seconds: int) -> str:
    minutes = abs(seconds) // 60
    if minutes < 1:
        return _("now")
    if minutes < 60:
        words = ngettext("%(count)s min", "%(count)s min", minutes) % {"count": minutes}
    elif minutes < 24 * 60:
        words = ngettext("%(count)s h", "%(count)s h", minutes // 60) % {"count": minutes // 60}
    else:
        words = _long_distance(minutes // (24 * 60))
    return (_("in %(time)s") if seconds > 0 else _("%(time)s ago")) % {"time": words}


def _long_distance(days: int) -> str:
    if days < 60:
        return ngettext("%(count)s day", "%(count)s days", days) % {"count": days}
    if days < 730:
        return ngettext("%(count)s month", "%(count)s months", days // 30) % {"count": days // 30}
    return ngettext("%(count)s year", "%(count)s years", days // 365) % {"count": days // 365}


def _time_tag(value: datetime, words: str) -> SafeString:
    whole = formats.date_format(_local(value), "DATETIME_FORMAT")
    return format_html('<time datetime="{}" title="{}">{}</time>', value.isoformat(), whole, words)


def _local(value: datetime) -> datetime:
    return timezone.localtime(value) if timezone.is_aware(value) else value
