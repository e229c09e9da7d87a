"""Every address of the desk and of the API."""

from django.urls import include, path

from svyaz.desk import errors
from svyaz.desk.users.views import set_language

urlpatterns = [
    path("", include("svyaz.api.urls")),
    path("", include("svyaz.desk.urls")),
    path("", include("svyaz.desk.users.allauth_urls")),
    path("language/", set_language, name="set_language"),
    path("robots.txt", errors.robots, name="robots"),
]

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.failed
