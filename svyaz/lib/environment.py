"""What the environment says to the settings; a wrong value stops the start with a sentence that says what to do."""

import os
from pathlib import Path
from urllib.parse import urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured


def flag(name: str, default: bool = False) -> bool:
    """Return an on/off environment variable as a bool."""
    value = os.environ.get(name, "1" if default else "0").lower()
    if value not in {"0", "1", "true", "false", "yes", "no"}:
        raise ImproperlyConfigured(f"{name} is {value!r}; use 1 or 0.")
    return value in {"1", "true", "yes"}


def names(name: str, default: str) -> list[str]:
    """Return a comma-separated environment variable as a list."""
    return [part.strip() for part in os.environ.get(name, default).split(",") if part.strip()]


def keys(name: str, file: Path) -> list[str]:
    """Return the keys of an environment variable, or those that the first start left in a file of the state folder."""
    if given := names(name, ""):
        return given
    if file.exists():
        return file.read_text().split()
    raise ImproperlyConfigured(f"No key: set {name}, or run a `svyaz` command once (it writes {file}).")


def secret(name: str, file: Path) -> str:
    """Return the secret of an environment variable, or the one that the first start left in a file."""
    if value := os.environ.get(name):
        return value
    if file.exists():
        return file.read_text().strip()
    raise ImproperlyConfigured(f"No key: set {name}, or run a `svyaz` command once (it writes {file}).")


def database(url: str) -> dict[str, object]:
    """Return Django's settings of one PostgreSQL database from its address."""
    settings: dict[str, object] = dict(dj_database_url.parse(url, conn_max_age=600, conn_health_checks=False))
    if settings.get("ENGINE") != "django.db.backends.postgresql":
        raise ImproperlyConfigured("DATABASE_URL must name a PostgreSQL database: postgres://user:password@host/name")
    settings["OPTIONS"] = {
        # Hot reads ask for a prepared statement (lib/sql.py), which None would forbid; nothing else is ever prepared.
        "prepare_threshold": 1_000_000_000,
        # A lock or a statement that hangs must not hang the desk.
        "options": "-c jit=off -c plan_cache_mode=force_generic_plan -c lock_timeout=10s -c statement_timeout="
        + os.environ.get("SVYAZ_STATEMENT_TIMEOUT", "30s"),
    }
    return settings


def openid_provider() -> list[dict[str, object]]:
    """Return the OpenID Connect provider of the house as allauth wants it described; none without SVYAZ_OIDC_URL."""
    url = os.environ.get("SVYAZ_OIDC_URL", "")
    if not url:
        return []
    client, client_secret = os.environ.get("SVYAZ_OIDC_CLIENT"), os.environ.get("SVYAZ_OIDC_SECRET")
    if not client or not client_secret:
        raise ImproperlyConfigured("SVYAZ_OIDC_URL needs SVYAZ_OIDC_CLIENT and SVYAZ_OIDC_SECRET beside it.")
    parts = urlsplit(url)
    if parts.scheme != "https" and parts.hostname not in {"localhost", "127.0.0.1", "::1"}:
        raise ImproperlyConfigured("SVYAZ_OIDC_URL must begin with https://")
    name = os.environ.get("SVYAZ_OIDC_NAME", parts.hostname)
    server = {"server_url": url.rstrip("/")}
    return [{"provider_id": "house", "name": name, "client_id": client, "secret": client_secret, "settings": server}]


def openid_hosts() -> frozenset[str]:
    """Return the hosts (host:port) that single sign-on may talk to: the provider's, and those of SVYAZ_OIDC_HOSTS."""
    own = urlsplit(os.environ.get("SVYAZ_OIDC_URL", "")).netloc
    return frozenset(filter(None, [own, *names("SVYAZ_OIDC_HOSTS", "")]))


def one_of(name: str, *choices: str) -> str:
    """Return an environment variable that takes one of some values; the first is what stands where nothing is said."""
    value = os.environ.get(name, choices[0])
    if value not in choices:
        raise ImproperlyConfigured(f"{name} is {value!r}; use one of {', '.join(filter(None, choices))}, or nothing.")
    return value
