"""Who logs in, and the tokens that act for them."""

from datetime import datetime
from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


class UserManager(BaseUserManager["User"]):
    """Finds users by name, case aside."""

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username=(username or "").lower())


class User(AbstractBaseUser):
    """One who logs in: an employee, an integration, the system itself or a customer."""

    class Kind(models.TextChoices):
        PERSON = "person", _("employee")
        INTEGRATION = "integration", _("integration")
        SYSTEM = "system", _("system")
        CUSTOMER = "customer", _("customer")

    class Theme(models.TextChoices):
        AUTO = "auto", _("as the system")
        LIGHT = "light", _("light")
        DARK = "dark", _("dark")

    username = models.CharField(_("user name"), max_length=64, unique=True)
    kind = models.CharField(max_length=16, choices=Kind, default=Kind.PERSON)
    name = models.CharField(_("name"), max_length=200)
    email = models.EmailField(_("e-mail"), blank=True)
    language = models.CharField(_("language"), max_length=5, default="ru")
    time_zone = models.CharField(_("time zone"), max_length=64, default="Europe/Moscow")
    theme = models.CharField(_("theme"), max_length=5, choices=Theme, default=Theme.AUTO)
    is_active = models.BooleanField(_("may log in"), default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "username"

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="user_name_is_lower", condition=models.Q(username=Lower("username"))),
            models.CheckConstraint(
                name="user_kind_known", condition=models.Q(kind__in=["person", "integration", "system", "customer"])
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        """Return the name that screens show."""
        return self.name


class ApiToken(models.Model):
    """A secret with which a program acts as a user; only its digest is kept."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="tokens")
    name = models.CharField(max_length=100)
    digest = models.CharField(max_length=64, unique=True)
    scopes = ArrayField(models.CharField(max_length=64), default=list, blank=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="api_token_expires_after_creation", condition=models.Q(expires_at__gt=models.F("created_at"))
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def is_good(self, at: datetime) -> bool:
        """Tell whether the token may be used at a moment."""
        return self.revoked_at is None and at < self.expires_at
