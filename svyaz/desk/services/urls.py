"""Addresses of the catalogue."""

from django.urls import path

from svyaz.desk.services import views

urlpatterns = [
    path("services/", views.services, name="services"),
    path("services/<row:offering_id>/", views.service, name="service"),
]
