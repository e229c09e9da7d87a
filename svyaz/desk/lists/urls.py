"""Addresses of what belongs to every list."""

from django.urls import path

from svyaz.desk.lists import exporting, saving, views, working

urlpatterns = [
    path("lists/<slug:name>/filter/", views.filter_form, name="list_filter"),
    path("lists/<slug:name>/counts/", views.tab_counts, name="list_counts"),
    path("lists/<slug:name>/views/", saving.views, name="list_views"),
    path("lists/<slug:name>/views/<row:view_id>/", saving.view, name="list_view"),
    path("lists/<slug:name>/export/", exporting.export, name="list_export"),
    path("lists/<slug:name>/bulk/", working.bulk, name="list_bulk"),
    path("lists/<slug:name>/acts/<slug:key>/", working.act_form, name="list_act"),
    path("bulk/<row:run_id>/", working.run, name="bulk_run"),
    path("bulk/<row:run_id>/stop/", working.stop, name="bulk_stop"),
    path("bulk/<row:run_id>/undoing/", working.undo, name="bulk_undo"),
    path("exports/", exporting.exports, name="exports"),
    path("exports/<row:export_id>/file/", exporting.export_file, name="export_file"),
    path("exports/<row:export_id>/stop/", exporting.export_stop, name="export_stop"),
]
