"""Clocks by the names of their time zones."""

import zoneinfo


def clock_of(name: str) -> zoneinfo.ZoneInfo:
    """Return the time zone of a name; an unknown one is Greenwich rather than an error on every page."""
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return zoneinfo.ZoneInfo("UTC")
