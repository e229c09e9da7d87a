"""Addresses of the desk."""

from django.urls import include, path

app_name = "desk"

urlpatterns = [
    path("", include("svyaz.desk.day.urls")),
    path("", include("svyaz.desk.users.urls")),
    path("", include("svyaz.desk.customers.urls")),
    path("", include("svyaz.desk.contacts.urls")),
    path("", include("svyaz.desk.drafts.urls")),
    path("", include("svyaz.desk.palette.urls")),
    path("", include("svyaz.desk.decisions.urls")),
    path("", include("svyaz.desk.promises.urls")),
    path("", include("svyaz.desk.employees.urls")),
    path("", include("svyaz.desk.services.urls")),
    path("", include("svyaz.desk.openings.urls")),
    path("", include("svyaz.desk.imports.urls")),
    path("", include("svyaz.desk.lists.urls")),
    path("", include("svyaz.desk.notices.urls")),
    path("", include("svyaz.desk.live.urls")),
    path("", include("svyaz.desk.administration.urls")),
    path("", include("svyaz.desk.merges.urls")),
    path("desk/components/", include("svyaz.desk.components.urls")),
]
