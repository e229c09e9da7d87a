"""Browsers of the cast."""

from collections.abc import Callable

import pytest
from django.test import Client

from svyaz.users.models import User

Login = Callable[[User], Client]
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def login() -> Login:
    """Return what gives a browser in which a user is logged in."""

    def log_in(user: User) -> Client:
        client = Client()
        client.force_login(user, backend=BACKEND)
        return client

    return log_in
