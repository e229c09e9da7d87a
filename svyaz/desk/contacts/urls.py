"""Address of the list of contacts."""

from django.urls import path

from svyaz.desk.contacts import views

urlpatterns = [path("contacts/", views.contacts, name="contacts")]
