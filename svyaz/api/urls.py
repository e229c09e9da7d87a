"""Addresses of the API, and of the health checks."""

from django.urls import path

from svyaz.api import health

urlpatterns = [
    path("healthz", health.healthz),
    path("readyz", health.readyz),
]
