"""What holds for every screen: headers, contrast, no style or script in a page, one style sheet, one sprite."""

import math
import re
from itertools import product
from pathlib import Path

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import translation

from svyaz.access.permissions import AccessPermission
from svyaz.access.queries import Rights
from svyaz.cli import assets
from svyaz.desk.components.views import components
from svyaz.desk.errors import not_found
from svyaz.desk.icons import ICONS
from svyaz.desk.middleware import SecurityHeaders
from svyaz.users.models import User

DESK = Path(assets.STATIC).parents[1]
TEMPLATES = sorted((DESK / "templates").rglob("*.html"))
TOKENS = (assets.STATIC / "css/tokens.css").read_text(encoding="utf-8")
# Words on grounds: what must be readable on what.
ON_GROUNDS = [
    *product(["n6", "n7", "n8", "n9", "accent", "good", "wait", "bad", "money"], ["n0", "n1", "n2"]),
    *((tone, f"{tone}-soft") for tone in ("accent", "good", "wait", "bad", "money")),
    *(("n0", tone) for tone in ("n9", "accent", "good", "bad")),
]


def keeper_of_the_house(theme: str = "auto") -> User:
    """Return one who may see the page of components, whom no data base knows."""
    user = User(username="admin", name="Анна Ковалёва", theme=theme)
    user._rights = Rights(0, {str(AccessPermission.MANAGE): None})  # type: ignore[attr-defined]
    return user


def colour(token: str, theme: int) -> tuple[float, float, float]:
    found = re.search(rf"--{token}: light-dark\(oklch\(([^)]*)\), oklch\(([^)]*)\)\)", TOKENS)
    assert found, token
    lightness, chroma, hue = found[theme + 1].replace("%", "").split()
    return float(lightness) / 100, float(chroma), math.radians(float(hue))


def luminance(oklch: tuple[float, float, float]) -> float:
    lightness, chroma, hue = oklch
    a, b = chroma * math.cos(hue), chroma * math.sin(hue)
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    red = 4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short
    green = -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short
    blue = -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short
    red, green, blue = (min(1.0, max(0.0, value)) for value in (red, green, blue))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(words: str, ground: str, theme: int) -> float:
    dark, light = sorted(luminance(colour(token, theme)) for token in (words, ground))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("words", "ground"), ON_GROUNDS)
def test_words_are_readable_on_their_ground(words: str, ground: str, theme: int) -> None:
    assert contrast(words, ground, theme) >= 4.5


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("mark", ["good-mark", "wait-mark", "bad-mark"])
def test_marks_stand_out_from_the_surface(mark: str, theme: int) -> None:
    assert contrast(mark, "n0", theme) >= 3


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(DESK)))
def test_a_template_holds_no_style_and_no_script(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=|javascript:|hx-on", text)
    assert not re.search(r"<script(?![^>]*\ssrc=)", text)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(DESK)))
def test_a_template_names_only_icons_that_are_there(path: Path) -> None:
    from svyaz.desk.icons import icon_name

    text = path.read_text(encoding="utf-8")
    named = re.findall(r'{% icon "([^"]+)"', text) + re.findall(r'<c-[a-z-]+\b[^>]*?\sicon="([^"{]+)"', text)
    for name in named:
        icon_name(name)


@pytest.mark.parametrize("language", ["ru", "en"])
def test_the_page_of_components_draws_every_piece(language: str) -> None:
    request = RequestFactory().get("/desk/components/")
    request.user = keeper_of_the_house()
    with translation.override(language):
        page = SecurityHeaders(components)(request)
    text = page.content.decode()
    assert page.status_code == 200
    assert "<c-" not in text
    assert " style=" not in text
    assert text.count("<h1") == 1
    assert "Анна Ковалёва" in text
    ids = re.findall(r'\sid="([^"]+)"', text)
    assert sorted(ids) == sorted(set(ids))


@pytest.mark.parametrize(("chosen", "shown"), [("dark", "dark"), ("auto", "auto"), ('"><script>', "auto")])
def test_the_first_paint_has_the_users_theme_whatever_the_browser_had(chosen: str, shown: str) -> None:
    request = RequestFactory().get("/desk/components/")
    request.COOKIES["theme"] = "light"
    request.user = keeper_of_the_house(theme=chosen)
    assert f'data-theme="{shown}"' in components(request).content.decode()


@pytest.mark.parametrize(("cookie", "shown"), [("dark", "dark"), ("", "auto"), ('"><script>', "auto")])
def test_before_the_log_in_the_browsers_theme_is_painted(cookie: str, shown: str) -> None:
    request = RequestFactory().get("/nowhere/")
    request.COOKIES["theme"] = cookie
    request.user = AnonymousUser()
    assert f'data-theme="{shown}"' in not_found(request).content.decode()


def test_every_answer_forbids_what_is_not_ours() -> None:
    request = RequestFactory().get("/desk/components/")
    request.user = keeper_of_the_house()
    headers = SecurityHeaders(components)(request).headers
    assert headers["Content-Security-Policy"].startswith("default-src 'none'; script-src 'self'; style-src 'self'")
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert "camera=()" in headers["Permissions-Policy"]


def test_the_style_sheet_begins_with_the_layers_and_holds_every_part() -> None:
    css = assets.style_sheet()
    assert css.lstrip().startswith("@layer tokens, base, layout, parts;")
    assert "/*" not in css
    assert css.count("{") == css.count("}")
    for part in ("tokens", "base", "layout", "parts"):
        assert f"@layer {part} {{" in css


def test_the_sprite_holds_each_icon_once() -> None:
    sprite = assets.icon_sprite()
    assert sorted(re.findall(r'<symbol id="([^"]+)"', sprite)) == sorted(ICONS)
    assert "class=" not in sprite


def test_what_has_not_changed_is_not_written_again(tmp_path: Path) -> None:
    file = tmp_path / "desk.css"
    assets.place(file, b"a")
    before = file.stat().st_mtime_ns
    assets.place(file, b"a")
    assert file.stat().st_mtime_ns == before
    assets.place(file, b"b")
    assert file.read_bytes() == b"b"


def test_the_page_of_components_is_for_administrators(login, anna: User, admin: User, client: Client) -> None:
    address = reverse("desk:components")
    assert address == "/desk/components/"
    assert login(admin).get(address).status_code == 200
    assert login(anna).get(address).status_code == 403
    assert client.get(address).status_code == 302
    assert login(admin).post(address).status_code == 405
