"""Addresses of employees."""

from django.urls import path

from svyaz.desk.employees import views

urlpatterns = [
    path("employees/", views.employees, name="employees"),
    path("employees/<row:employee_id>/", views.employee, name="employee"),
]
