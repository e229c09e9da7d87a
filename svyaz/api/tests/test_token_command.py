"""svyaz token: give, list, take back."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from svyaz.access.actions import token_digest
from svyaz.access.queries import token_in_use
from svyaz.users.models import ApiToken, User
from tests.cast import NOON


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("token", *arguments, stdout=out, stderr=StringIO())
    return out.getvalue().strip()


def test_a_token_is_given_shown_once_and_taken_back(anna: User) -> None:
    secret = run("issue", "anna", "--name", "касса", "--scope", "party:read", "--days", "30")
    token = ApiToken.objects.get()
    assert token_digest(secret) == token.digest
    assert secret not in run("list")
    assert "party:read" in run("list", "anna")

    run("revoke", str(token.pk))

    assert token_in_use(token_digest(secret), at=NOON) is None
    assert "taken back" in run("list")
    with pytest.raises(CommandError, match="before"):
        run("revoke", str(token.pk))


def test_an_integration_is_made_when_asked_for(db: None) -> None:
    with pytest.raises(CommandError, match="--integration"):
        run("issue", "pbx", "--name", "АТС")

    run("issue", "pbx", "--name", "АТС", "--integration")

    user = User.objects.get(username="pbx")
    assert user.kind == User.Kind.INTEGRATION
    assert not user.has_usable_password()


@pytest.mark.parametrize("wrong", [["--scope", "party:fly"], ["--days", "0"]])
def test_what_cannot_be_is_said(anna: User, wrong: list[str]) -> None:
    with pytest.raises(CommandError):
        run("issue", "anna", "--name", "касса", *wrong)
    assert not ApiToken.objects.exists()
