"""Single sign-on by OpenID Connect, against a provider on loopback: who is let in, linked, added, refused."""

from urllib.parse import urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from svyaz.access.events import AccessEvent
from svyaz.history.models import Event
from svyaz.users.models import User
from tests.cast import PASSWORD
from tests.provider import Provider

START = "/login/through/house/"


@pytest.fixture(autouse=True)
def house(provider: Provider, settings, db: None) -> None:
    """The operator's settings name the provider; who is not linked yet is let in by no rule."""
    app = {
        "provider_id": "house", "name": "Дом", "client_id": "svyaz", "secret": "s3cret",
        "settings": {"server_url": provider.url},
    }  # fmt: skip
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app], "OAUTH_PKCE_ENABLED": True}}
    settings.OIDC_HOSTS, settings.OIDC_MATCH, settings.OIDC_ADDS = frozenset({provider.host}), "", []


def back(client: Client, address: str):
    """Follow where the provider sends the browser."""
    parts = urlsplit(address)
    return client.get(f"{parts.path}?{parts.query}")


def sign_on(client: Client, provider: Provider, sub: str, **sent: str):
    started = client.post(START, sent)
    assert started.status_code == 302, started.content.decode()[:500]
    assert started.headers["Location"].startswith(f"{provider.url}/oauth2/authorize?")
    assert "code_challenge=" in started.headers["Location"]
    return back(client, provider.allow(started.headers["Location"], sub))


def test_the_log_in_page_offers_it(client: Client, provider: Provider, db: None) -> None:
    answer = client.get("/login/")
    assert "Войти через Дом" in answer.content.decode()
    assert f"form-action 'self' {provider.url};" in answer.headers["Content-Security-Policy"]


def test_nobody_is_let_in_by_having_an_account_there(client: Client, provider: Provider, anna: User) -> None:
    answer = sign_on(client, provider, "a-1")
    assert answer.status_code == 403
    assert "здесь никто не связан" in answer.content.decode()
    assert client.get("/").status_code == 302
    assert User.objects.count() == 1


def test_who_linked_himself_is_let_in_from_then_on(client: Client, provider: Provider, anna: User) -> None:
    client.post("/login/", {"username": "anna", "password": PASSWORD})
    asked = client.post(START, {"process": "connect"})
    assert asked.headers["Location"].startswith("/me/confirm/")
    started = client.post(asked.headers["Location"], {"password": PASSWORD, "next": START})
    linked = back(client, provider.allow(started.headers["Location"], "s-4"))
    assert linked.headers["Location"] == "/me/security/"
    assert Event.objects.get(kind=AccessEvent.IDENTITY_LINKED).details == {"provider": "Дом"}

    other = Client()
    assert sign_on(other, provider, "s-4", next="/customers/").headers["Location"] == "/customers/"
    assert other.get("/").status_code == 200


def test_an_account_there_belongs_to_one_user(client: Client, provider: Provider, anna: User, boris: User) -> None:
    SocialAccount.objects.create(user=boris, provider="house", uid="s-4")
    client.post("/login/", {"username": "anna", "password": PASSWORD})
    asked = client.post(START, {"process": "connect"})
    started = client.post(asked.headers["Location"], {"password": PASSWORD, "next": START})
    answer = back(client, provider.allow(started.headers["Location"], "s-4"))
    assert answer.status_code == 403
    assert SocialAccount.objects.get().user == boris


def test_by_the_verified_mail_one_is_linked_at_the_first_log_in(
    client: Client, provider: Provider, anna: User, boris: User, settings
) -> None:
    settings.OIDC_MATCH = "email"
    User.objects.filter(pk=anna.pk).update(email="Anna@svyaz.example")
    User.objects.filter(pk=boris.pk).update(email="boris@svyaz.example")
    assert sign_on(client, provider, "a-1").headers["Location"] == "/"
    assert SocialAccount.objects.get().user == anna
    assert sign_on(Client(), provider, "b-2").status_code == 403, "his mail is not verified"


def test_by_the_user_name_one_is_linked_where_the_settings_say_so(
    client: Client, provider: Provider, boris: User, settings
) -> None:
    settings.OIDC_MATCH = "username"
    assert sign_on(client, provider, "b-2").headers["Location"] == "/"
    assert sign_on(Client(), provider, "s-4").status_code == 403


def test_who_may_no_longer_log_in_does_not(client: Client, provider: Provider, anna: User, settings) -> None:
    settings.OIDC_MATCH = "username"
    SocialAccount.objects.create(user=anna, provider="house", uid="a-1")
    User.objects.filter(pk=anna.pk).update(is_active=False)
    assert sign_on(client, provider, "a-1").status_code == 403


def test_the_house_may_add_its_own_people_without_any_right(client: Client, provider: Provider, settings) -> None:
    settings.OIDC_ADDS = ["svyaz.example"]
    assert sign_on(client, provider, "n-3").headers["Location"] == "/"
    added = User.objects.get(username="new")
    assert (added.name, added.email, added.has_usable_password()) == ("Новый", "new@svyaz.example", False)
    assert client.get("/customers/").status_code == 403
    assert sign_on(Client(), provider, "s-4").status_code == 403
    assert set(Event.objects.values_list("kind", flat=True)) == {AccessEvent.USER_CREATED, AccessEvent.IDENTITY_LINKED}


def test_an_existing_name_is_never_taken_over_by_adding(
    client: Client, provider: Provider, anna: User, settings
) -> None:
    settings.OIDC_ADDS = ["svyaz.example"]
    assert sign_on(client, provider, "a-1").status_code == 403
    assert not SocialAccount.objects.exists()


def test_who_says_no_there_is_not_let_in_here(client: Client, provider: Provider, anna: User) -> None:
    started = client.post(START)
    answer = back(client, provider.deny(started.headers["Location"]))
    assert answer.status_code == 403
    assert "Войти через Дом не удалось" in answer.content.decode()


def test_an_answer_that_was_not_asked_for_is_refused(client: Client, anna: User) -> None:
    assert client.get(f"{START}back/?code=x&state=y").status_code == 403
    assert client.get(f"{START}back/").status_code == 403


def test_no_host_is_called_that_is_not_allowed(client: Client, provider: Provider, settings, anna: User) -> None:
    settings.OIDC_HOSTS = frozenset({"idp.example"})
    answer = client.post(START)
    assert answer.status_code == 403


def test_unlinking_needs_a_password_to_come_back(client: Client, provider: Provider, settings) -> None:
    settings.OIDC_ADDS = ["svyaz.example"]
    sign_on(client, provider, "n-3")
    identity = SocialAccount.objects.get()
    client.post(f"/me/security/accounts/{identity.pk}/removal/")
    assert SocialAccount.objects.exists()


def test_unlinked_is_let_in_no_more(client: Client, provider: Provider, anna: User) -> None:
    identity = SocialAccount.objects.create(user=anna, provider="house", uid="a-1")
    client.post("/login/", {"username": "anna", "password": PASSWORD})
    removal = f"/me/security/accounts/{identity.pk}/removal/"
    asked = client.post(removal)
    assert client.post(asked.headers["Location"], {"password": PASSWORD, "next": removal}).status_code == 303
    assert not SocialAccount.objects.exists()
    assert sign_on(Client(), provider, "a-1").status_code == 403
    assert Event.objects.filter(kind=AccessEvent.IDENTITY_UNLINKED).count() == 1


@pytest.mark.parametrize("address", [START, "/login/through/nobody/"])
def test_it_begins_with_a_post_and_a_known_provider(client: Client, db: None, address: str) -> None:
    assert client.get(address).status_code == 405
    assert client.post("/login/through/nobody/").status_code == 404


def test_without_settings_there_is_none(client: Client, settings, db: None) -> None:
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": []}}
    assert "/login/through/" not in client.get("/login/").content.decode()
    assert client.post(START).status_code == 404
