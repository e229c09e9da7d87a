"""Addresses of merges."""

from django.urls import path

from svyaz.desk.merges import comparing, listing

urlpatterns = [
    path("merges/", listing.merges, name="merges"),
    path("merges/compare/", comparing.compare, name="merge_compare"),
    path("merges/new/", comparing.create_merge, name="merge_create"),
    path("merges/<row:merge_id>/", listing.merge, name="merge"),
    path("merges/<row:merge_id>/undo/", listing.create_undo, name="merge_undo"),
]
