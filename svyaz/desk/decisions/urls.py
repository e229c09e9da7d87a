"""Address of the list of decisions."""

from django.urls import path

from svyaz.desk.decisions import views

urlpatterns = [path("decisions/", views.decisions, name="decisions")]
