"""Address of my day."""

from django.urls import path

from svyaz.desk.day import views

urlpatterns = [path("", views.day, name="day")]
