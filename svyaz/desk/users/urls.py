"""Addresses of one's own settings, and of logging out."""

from django.urls import path

from svyaz.desk.users import sessions, views

urlpatterns = [
    path("logout/", views.logout, name="logout"),
    path("me/", views.me, name="me"),
    path("me/preferences/", views.save_me, name="my_preferences"),
    path("me/theme/", views.set_theme, name="my_theme"),
    path("me/password/", views.set_password, name="my_password"),
    path("me/sessions/others/end/", sessions.end_other_sessions, name="end_other_sessions"),
    path("me/sessions/<int:pk>/end/", sessions.end_session, name="end_session"),
]
