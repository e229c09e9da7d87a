"""Addresses of drafts."""

from django.urls import path

from svyaz.desk.drafts import views

urlpatterns = [
    path("drafts/", views.drafts, name="drafts"),
    path("drafts/<uuid:uid>/", views.draft, name="draft"),
    path("drafts/<uuid:uid>/closing/", views.closing, name="draft_closing"),
    path("drafts/<uuid:uid>/reopening/", views.reopening, name="draft_reopening"),
    path("drafts/<uuid:uid>/handover/", views.handover, name="draft_handover"),
]
