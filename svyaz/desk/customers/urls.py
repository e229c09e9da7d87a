"""Addresses of customers and of what happens to them."""

from django.urls import path, register_converter

from svyaz.desk.converters import RowNumber
from svyaz.desk.customers import circle, contacts, decisions, facts, listing, newcomer, page, thread_page
from svyaz.desk.customers.editing import views as editing

register_converter(RowNumber, "row")

urlpatterns = [
    path("customers/", listing.customers, name="customers"),
    path("customers/<row:party_id>/", page.customer, name="customer"),
    path("customers/<row:party_id>/front/", page.in_front, name="customer_front"),
    path("customers/<row:party_id>/thread/", thread_page.older, name="customer_thread"),
    path("customers/<row:party_id>/thread/narrowing/", thread_page.narrowing, name="customer_narrowing"),
    path("customers/<row:party_id>/thread/<slug:kind>/<row:row_id>/", thread_page.line, name="customer_line"),
    path("customers/<row:party_id>/facts/<slug:name>/", editing.fact, name="customer_fact"),
    path("customers/<row:party_id>/facts/<slug:name>/<row:row_id>/", editing.fact, name="customer_fact_row"),
    path("customers/<row:party_id>/changes/<row:event_id>/undo/", editing.undo, name="customer_undo"),
    path("customers/<row:party_id>/circle/", circle.circle, name="customer_circle"),
    path("customers/<row:party_id>/contacts/", contacts.contacts, name="customer_contacts"),
    path("customers/<row:party_id>/offers/", facts.offers, name="customer_offers"),
    path("customers/<row:party_id>/authority/", decisions.authority, name="customer_authority"),
    path(
        "customers/<row:party_id>/decisions/<row:decision_id>/precedents/", decisions.precedents_of, name="precedents"
    ),
    path("customers/<row:party_id>/documents/<row:document_id>/unmasking/", facts.unmasking, name="customer_unmasking"),
    path("contacts/new/", newcomer.new_contact, name="new_contact"),
    path("contacts/new/authority/", decisions.authority_alone, name="new_contact_authority"),
    path("decisions/<row:decision_id>/approval/", decisions.approval, name="decision_approval"),
    path("promises/<row:promise_id>/result/", decisions.result, name="promise_result"),
]
