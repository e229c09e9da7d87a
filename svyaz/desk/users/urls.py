"""Addresses of logging in and of one's own settings."""

from django.urls import path

from svyaz.desk.users import views

urlpatterns = [
    path("login/", views.login, name="login"),
    path("logout/", views.logout, name="logout"),
    path("me/", views.me, name="me"),
    path("me/preferences/", views.save_me, name="my_preferences"),
    path("me/theme/", views.set_theme, name="my_theme"),
    path("me/password/", views.set_password, name="my_password"),
]
