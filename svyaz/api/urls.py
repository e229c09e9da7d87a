"""Addresses of the API, and of the health checks."""

from django.urls import include, path

from svyaz.api import health
from svyaz.api.door import addresses, openapi_json

urlpatterns = [
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("tmf-api/openapi.json", openapi_json),
    path("tmf-api/", include((addresses(), "tmf"))),
]
