"""Addresses of imports."""

from django.urls import path

from svyaz.desk.imports import files, views

urlpatterns = [
    path("imports/", views.imports, name="imports"),
    path("imports/file/", files.upload, name="import_upload"),
    path("imports/mappings/<row:mapping_id>/removal/", views.mapping_removal, name="import_mapping_removal"),
    path("imports/<row:import_id>/", views.page, name="import"),
    path("imports/<row:import_id>/reading/", views.reading, name="import_reading"),
    path("imports/<row:import_id>/columns/", views.columns, name="import_columns"),
    path("imports/<row:import_id>/mapping/", views.mapping, name="import_mapping"),
    path("imports/<row:import_id>/mappings/", views.mappings, name="import_mappings"),
    path("imports/<row:import_id>/check/", views.check, name="import_check"),
    path("imports/<row:import_id>/start/", views.start, name="import_start"),
    path("imports/<row:import_id>/stop/", views.stop, name="import_stop"),
    path("imports/<row:import_id>/progress/", views.progress, name="import_progress"),
    path("imports/<row:import_id>/undo/", views.undo, name="import_undo"),
    path("imports/<row:import_id>/removal/", views.removal, name="import_removal"),
    path("imports/<row:import_id>/bad-rows/", files.bad_rows, name="import_bad_rows"),
    path("imports/<row:import_id>/notices/", files.notices, name="import_notices"),
]
