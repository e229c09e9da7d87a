"""Addresses of the review of openings."""

from django.urls import path

from svyaz.desk.openings import views

urlpatterns = [
    path("openings/", views.openings, name="openings"),
    path("openings/<row:opening_id>/review/", views.review, name="opening_review"),
    path("openings/questions/", views.questions, name="opening_questions"),
    path("openings/questions/<row:question_id>/answer/", views.answer, name="opening_answer"),
]
