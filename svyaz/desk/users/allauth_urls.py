"""Addresses that allauth knows by these names: no other of its own pages is open."""

from django.urls import path

from svyaz.desk.users import entrance, security, sessions

urlpatterns = [
    path("login/", entrance.login, name="account_login"),
    path("login/passkey/", entrance.login_by_passkey, name="mfa_login_webauthn"),
    path("login/second-step/", entrance.second_step, name="mfa_authenticate"),
    path("login/through/<slug:provider_id>/", entrance.sign_on, name="openid_connect_login"),
    path("login/through/<slug:provider_id>/back/", entrance.signed_on, name="openid_connect_callback"),
    path("me/confirm/", entrance.confirm_by_password, name="account_reauthenticate"),
    path("me/confirm/code/", entrance.confirm_by_code, name="mfa_reauthenticate"),
    path("me/confirm/passkey/", entrance.confirm_by_passkey, name="mfa_reauthenticate_webauthn"),
    path("me/security/", security.security, name="mfa_index"),
    path("me/security/app/", security.add_app, name="mfa_activate_totp"),
    path("me/security/codes/", security.codes, name="mfa_view_recovery_codes"),
    path("me/security/codes/file/", security.codes_file, name="mfa_download_recovery_codes"),
    path("me/security/codes/new/", security.new_codes, name="mfa_generate_recovery_codes"),
    path("me/security/passkeys/", security.add_passkey, name="mfa_add_webauthn"),
    path("me/security/factors/<int:pk>/name/", security.rename_factor, name="mfa_edit_webauthn"),
    path("me/security/factors/<int:pk>/removal/", security.remove_factor, name="mfa_remove_webauthn"),
    path("me/security/accounts/<int:pk>/removal/", security.unlink, name="unlink_account"),
    path("me/sessions/", sessions.sessions, name="usersessions_list"),
]
