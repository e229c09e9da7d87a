"""Addresses of administration."""

from django.urls import path

from svyaz.desk.administration import catalogue, logins, people, programs, roles, sections
from svyaz.desk.administration.fields import FIELDS
from svyaz.desk.administration.kinds import KINDS
from svyaz.desk.administration.trees import AREAS, DEPARTMENTS, TOPICS

urlpatterns = [
    path("administration/", sections.index, name="administration"),
    path("administration/roles/", roles.index, name="administration_roles"),
    path("administration/roles/new/", roles.new, name="administration_role_new"),
    path("administration/roles/<row:role_id>/", roles.role_page, name="administration_role"),
    path(
        "administration/roles/<row:role_id>/second-factor/",
        roles.second_factor,
        name="administration_role_second_factor",
    ),
    path("administration/roles/<row:role_id>/permissions/", roles.permission, name="administration_permission"),
    path("administration/roles/<row:role_id>/holders/", roles.holding, name="administration_holding"),
    path("administration/assignments/<row:assignment_id>/end/", roles.ending, name="administration_ending"),
    path("administration/people/", people.index, name="administration_people"),
    path("administration/people/new/", people.new, name="administration_person_new"),
    path("administration/people/<row:employee_id>/", people.person, name="administration_person"),
    path("administration/people/<row:employee_id>/skills/", people.levels, name="administration_levels"),
    path("administration/people/<row:employee_id>/login/", people.login, name="administration_login"),
    path("administration/people/<row:employee_id>/leaving/", people.leaving, name="administration_leaving"),
    path("administration/users/<row:user_id>/", logins.page, name="administration_user"),
    path("administration/users/<row:user_id>/password/", logins.password, name="administration_password"),
    path("administration/users/<row:user_id>/lock/", logins.lock, name="administration_lock"),
    path("administration/users/<row:user_id>/bar/", logins.bar, name="administration_bar"),
    path("administration/users/<row:user_id>/roles/", logins.holding, name="administration_user_roles"),
    path("administration/programs/", programs.index, name="administration_programs"),
    path("administration/programs/new/", programs.new, name="administration_program_new"),
    path("administration/programs/<row:user_id>/", programs.program, name="administration_program"),
    path("administration/programs/<row:user_id>/tokens/", programs.issuing, name="administration_issuing"),
    path("administration/tokens/<row:token_id>/revocation/", programs.revoking, name="administration_revoking"),
    path("welcome/<row:user_id>/<slug:key>/", logins.welcome, name="welcome"),
    *DEPARTMENTS.urls(),
    *AREAS.urls(),
    *TOPICS.urls(),
    *KINDS.urls(),
    *FIELDS.urls(),
    *catalogue.urls(),
]
