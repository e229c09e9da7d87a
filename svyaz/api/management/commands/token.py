"""svyaz token: give, list and take back tokens of the API."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import now
from rich.console import Console
from rich.table import Table

from svyaz.access.actions import TokenAlreadyRevoked, create_user, issue_token, revoke_token
from svyaz.access.queries import all_permissions, tokens, user_named
from svyaz.users.models import ApiToken, User


class Command(BaseCommand):
    """Tokens act as their user, within their scopes, until they expire or are taken back."""

    help = "Give, list and take back tokens of the API."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take a verb and what it needs."""
        verbs = parser.add_subparsers(dest="verb", required=True)
        issue = verbs.add_parser("issue", help="give a token; its secret is shown this once")
        issue.add_argument("user", help="name of the user that the token acts as")
        issue.add_argument("--name", required=True, help="what the token is for")
        issue.add_argument(
            "--scope", action="append", default=[], help="a permission, as party:read; none: all of them"
        )
        issue.add_argument("--days", type=int, default=365, help="days until it expires (default 365)")
        issue.add_argument("--integration", action="store_true", help="make the user, an integration, if there is none")
        listing = verbs.add_parser("list", help="list tokens")
        listing.add_argument("user", nargs="?", default="", help="only those of this user")
        verbs.add_parser("revoke", help="take a token back").add_argument("id", type=int)

    def handle(self, *args: Any, **options: Any) -> None:
        """Do what the verb says."""
        getattr(self, f"_{options['verb']}")(options)

    def _issue(self, options: dict[str, Any]) -> None:
        unknown = sorted(set(options["scope"]) - all_permissions())
        if unknown:
            raise CommandError(
                f"No such permission: {', '.join(unknown)}. There are: {', '.join(sorted(all_permissions()))}"
            )
        if options["days"] < 1:
            raise CommandError("--days must be 1 or more.")
        at = now()
        expires_at = at + timedelta(days=options["days"])
        token, secret = issue_token(
            user=self._user(options),
            name=options["name"],
            scopes=options["scope"],
            expires_at=expires_at,
            by=None,
            at=at,
        )
        self.stderr.write(f"Token {token.pk} acts as {token.user.username} until {expires_at:%Y-%m-%d}. Its secret:")
        self.stdout.write(secret)

    def _user(self, options: dict[str, Any]) -> User:
        user = user_named(options["user"])
        if user is None and options["integration"]:
            return create_user(
                username=options["user"],
                name=options["name"],
                password=None,
                kind=User.Kind.INTEGRATION,
                by=None,
                at=now(),
            )
        if user is None:
            raise CommandError(
                f"There is no user {options['user']}. With --integration one is made (give it a role then)."
            )
        return user

    def _list(self, options: dict[str, Any]) -> None:
        table = Table("id", "user", "name", "scopes", "expires", "state")
        for token in tokens(options["user"]):
            scopes = ", ".join(token.scopes) or "all of the user's"
            table.add_row(
                str(token.pk), token.user.username, token.name, scopes, f"{token.expires_at:%Y-%m-%d}", _state(token)
            )
        console = Console()
        with console.capture() as shown:
            console.print(table)
        self.stdout.write(shown.get())

    def _revoke(self, options: dict[str, Any]) -> None:
        token = tokens().filter(pk=options["id"]).first()
        if token is None:
            raise CommandError(f"There is no token {options['id']}; `svyaz token list` shows all.")
        try:
            revoke_token(token=token, by=None, at=now())
        except TokenAlreadyRevoked as error:
            raise CommandError(f"Token {token.pk} was taken back before.") from error
        self.stdout.write(f"Token {token.pk} is taken back; servers forget it within two seconds.")


def _state(token: ApiToken) -> str:
    if token.revoked_at is not None:
        return "taken back"
    return "good" if token.is_good(now()) else "expired"
