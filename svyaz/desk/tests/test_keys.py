"""The list of keys: a page without scripts, true to what the templates bind."""

import re

import pytest
from django.conf import settings
from django.test import Client

from svyaz.desk.users.keys import KEYS
from svyaz.users.models import User

TEMPLATES = settings.PROJECT_DIR / "desk" / "templates" / "desk"
BOUND = re.compile(r'\b(?:data-)?key="((?:(?:Mod|Shift|Alt)\+)?(?:Key[A-Z]|Slash|Enter)[^"]*)"')


def bound() -> set[str]:
    """Return every key that a template binds, the samples of the design system aside."""
    files = [path for path in TEMPLATES.rglob("*.html") if path.parent.name != "components"]
    return {key for path in files for found in BOUND.findall(path.read_text()) for key in found.split()}


def test_every_key_of_the_templates_is_in_the_list() -> None:
    listed = {key for _name, keys in KEYS for one in keys for key in one.keys}
    assert {"KeyC", "Slash", "Shift+Slash"} <= bound()
    assert bound() - listed == set()


@pytest.mark.parametrize(("spoken", "said"), [("ru", "Новый контакт"), ("en", "New contact")])
def test_the_list_is_a_page_of_its_own(client: Client, anna: User, spoken: str, said: str) -> None:
    User.objects.filter(pk=anna.pk).update(language=spoken)
    client.force_login(anna)
    page = client.get("/me/keys/")
    assert page.status_code == 200
    assert said in page.content.decode()
    assert '<a class="btn quiet' in client.get("/").content.decode()
    assert 'href="/me/keys/"' in client.get("/").content.decode()
    assert client.post("/me/keys/").status_code == 405


def test_it_is_for_who_logged_in(client: Client, db: None) -> None:
    assert client.get("/me/keys/").headers["Location"].startswith("/login/")
