"""Addresses of the design system's pages."""

from django.urls import path

from svyaz.desk.components import views

urlpatterns = [
    path("", views.components, name="components"),
]
