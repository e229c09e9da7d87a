"""Every address of the desk and of the API."""

from django.urls import include, path

urlpatterns = [
    path("", include("svyaz.api.urls")),
    path("", include("svyaz.desk.urls")),
]
