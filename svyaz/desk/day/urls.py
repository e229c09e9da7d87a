"""Addresses of my day and of a head's day."""

from django.urls import path

from svyaz.desk.day import views

urlpatterns = [path("", views.day, name="day"), path("people/", views.people, name="people_day")]
