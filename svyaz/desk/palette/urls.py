"""Addresses of the palette."""

from django.urls import path

from svyaz.desk.palette import views

urlpatterns = [
    path("search/", views.palette, name="search"),
    path("me/keys/", views.keys, name="keys"),
]
