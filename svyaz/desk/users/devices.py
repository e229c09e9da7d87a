"""What a browser says of itself, in the words of a person: "Chrome on Windows"."""

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

# The first that fits: many browsers name the others too.
BROWSERS = {
    "YaBrowser/": "Yandex Browser", "Edg": "Edge", "OPR/": "Opera", "Vivaldi/": "Vivaldi", "SamsungBrowser": "Samsung",
    "Firefox/": "Firefox", "FxiOS/": "Firefox", "CriOS/": "Chrome", "Chrome/": "Chrome", "Safari/": "Safari",
}  # fmt: skip
SYSTEMS = {
    "Android": "Android", "iPhone": "iPhone", "iPad": "iPad", "Windows": "Windows", "Mac OS X": "macOS",
    "CrOS": "ChromeOS", "Linux": "Linux",
}  # fmt: skip
PHONES = re.compile(r"Android.*Mobile|iPhone")


@dataclass(frozen=True)
class Device:
    """A browser on a device: its name, and the picture that stands for it."""

    name: str
    icon: str


def device_of(user_agent: str) -> Device:
    """Return what the User-Agent header tells of a browser; it may lie, so it is only shown."""
    browser = next((name for mark, name in BROWSERS.items() if mark in user_agent), "")
    system = next((name for mark, name in SYSTEMS.items() if mark in user_agent), "")
    icon = "smartphone" if PHONES.search(user_agent) else "monitor"
    if browser and system:
        return Device(_("{browser} on {system}").format(browser=browser, system=system), icon)
    return Device(browser or system or _("Unknown browser"), icon)
