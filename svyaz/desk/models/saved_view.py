"""Saved views of lists."""

from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from svyaz.access.queries import Viewer, rights_of
from svyaz.workforce.models import Department
from svyaz.workforce.queries import departments_of_user


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    """Saved views."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Return the viewer's own views, those of his department and those of everyone."""
        user_id = rights_of(viewer).user_id
        departments = departments_of_user(user_id)
        shared = Q(sharing=SavedView.Sharing.DEPARTMENT, department__in=departments)
        return self.filter(Q(owner=user_id) | shared | Q(sharing=SavedView.Sharing.EVERYONE))

    def present(self) -> Self:
        """Return those that were not removed."""
        return self.filter(removed_at__isnull=True)


class SavedView(models.Model):
    """A list as somebody wants to see it again: its filters, order, groups and columns, under a name."""

    class Sharing(models.TextChoices):
        PRIVATE = "private", _("only me")
        DEPARTMENT = "department", _("my department")
        EVERYONE = "everyone", _("everyone")

    list = models.CharField(max_length=40)
    name = models.CharField(_("name"), max_length=60)
    query = models.CharField(max_length=2000, blank=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    sharing = models.CharField(_("who sees it"), max_length=10, choices=Sharing, default=Sharing.PRIVATE)
    department = models.ForeignKey(Department, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    saved_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[Any] = SavedViewQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="saved_view_has_name", condition=~Q(name="")),
            models.CheckConstraint(
                name="saved_view_of_department_names_it",
                condition=Q(sharing="department", department__isnull=False)
                | (~Q(sharing="department") & Q(department__isnull=True)),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["list", "owner"], name="saved_view_of_list", condition=Q(removed_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return self.name
