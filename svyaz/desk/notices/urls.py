"""Addresses of notices."""

from django.urls import path

from svyaz.desk.notices import views

urlpatterns = [
    path("notices/", views.notices, name="notices"),
    path("notices/latest/", views.latest, name="latest_notices"),
    path("notices/news/", views.news, name="notice_news"),
    path("notices/read/", views.read, name="read_notices"),
    path("notices/unread/", views.unread, name="unread_notices"),
    path("notices/settings/", views.settings, name="notice_settings"),
]
