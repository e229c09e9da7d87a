"""Address of the list of open promises."""

from django.urls import path

from svyaz.desk.promises import views

urlpatterns = [path("promises/", views.promises, name="promises")]
