"""Addresses of what open pages hear of."""

from django.urls import path

from svyaz.desk.live import views

urlpatterns = [
    path("live/", views.stream, name="live"),
    path("live/desks/", views.desks, name="live_desks"),
    path("customers/<row:party_id>/live/", views.card, name="customer_live"),
    path("customers/<row:party_id>/colleagues/", views.colleagues, name="customer_colleagues"),
]
