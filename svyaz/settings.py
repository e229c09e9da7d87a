"""Settings: read from environment variables only; a wrong one stops the start with a sentence that says what to do."""

import os
from datetime import timedelta
from pathlib import Path

import django_stubs_ext
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from svyaz.lib.environment import database, flag, keys, names, one_of, openid_hosts, openid_provider, secret

# Lets fields, managers and querysets be written with their types: models.Field[int, int].
django_stubs_ext.monkeypatch()

PROJECT_DIR = Path(__file__).resolve().parent
STATE_DIR = Path(os.environ.get("SVYAZ_STATE", PROJECT_DIR.parent / "var")).resolve()
DEBUG = flag("SVYAZ_DEBUG")

SECRET_KEY = secret("SVYAZ_SECRET_KEY", STATE_DIR / "secret.key")
# The keys of personal data at rest: the first one encrypts, every one decrypts.
DATA_KEYS = keys("SVYAZ_DATA_KEY", STATE_DIR / "data.key")
ALLOWED_HOSTS = names("SVYAZ_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = names("SVYAZ_ORIGINS", "")

INSTALLED_APPS = [
    "svyaz.desk",
    "svyaz.api",
    "svyaz.demo",
    "svyaz.exchange",
    "svyaz.notices",
    "svyaz.customer360",
    "svyaz.search",
    "svyaz.markets",
    "svyaz.decisions",
    "svyaz.interactions",
    "svyaz.billing",
    "svyaz.services",
    "svyaz.workforce",
    "svyaz.parties",
    "svyaz.fields",
    "svyaz.access",
    "svyaz.places",
    "svyaz.history",
    "svyaz.jobs",
    "svyaz.users",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "axes",
    "django_cotton.apps.SimpleAppConfig",
    "template_partials.apps.SimpleAppConfig",
    "django_htmx",
    "procrastinate.contrib.django",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "svyaz.api.middleware.ApiDoor",  # /tmf-api/ ends here: the rest is for pages
    "svyaz.desk.middleware.SecurityHeaders",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "svyaz.desk.middleware.AtHome",
    "svyaz.desk.middleware.AsksForSecondFactor",
    "svyaz.desk.middleware.AsksToLogIn",
    "allauth.account.middleware.AccountMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "svyaz.urls"
WSGI_APPLICATION = "svyaz.wsgi.application"

# Cotton and template partials each wrap the loaders by themselves and undo one another's work; so by hand.
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [
                        (
                            "django.template.loaders.cached.Loader",
                            [
                                "django_cotton.cotton_loader.Loader",
                                "django.template.loaders.app_directories.Loader",
                            ],
                        )
                    ],
                )
            ],
            "builtins": [
                "django_cotton.templatetags.cotton",
                "template_partials.templatetags.partials",
                "django.templatetags.i18n",
                "django.templatetags.static",
                "svyaz.desk.templatetags.desk",
                "svyaz.desk.templatetags.frame",
                "svyaz.desk.templatetags.live",
                "svyaz.desk.templatetags.pictures",
                "svyaz.desk.templatetags.rights",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

# `svyaz` commands set both for the embedded server; whoever names a server of his own sets DATABASE_URL.
if "DATABASE_URL" not in os.environ:
    raise ImproperlyConfigured("DATABASE_URL is not set: start through `svyaz` or `make`, or name a PostgreSQL server.")
DATABASES = {"default": database(os.environ["DATABASE_URL"])}
# What must be known to every process for a while: used codes, rates of attempts. No other service for it.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "users_cache"}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "users.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
if flag("SVYAZ_TESTING"):
    # Only speed: what hashing protects is not there to be stolen.
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "desk:day"
LOGOUT_REDIRECT_URL = "account_login"

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "desk/users/locked.html"
AXES_VERBOSE = False
AXES_CLIENT_IP_CALLABLE = "svyaz.desk.middleware.address_of"

# Who logs in was let in by the administrator: nobody signs up by himself, and no mail is sent.
ACCOUNT_ADAPTER = "svyaz.desk.users.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS, ACCOUNT_SIGNUP_FIELDS = {"username"}, ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION, ACCOUNT_SESSION_REMEMBER = "none", True
MFA_ADAPTER = "svyaz.desk.users.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES, MFA_PASSKEY_LOGIN_ENABLED = ["totp", "webauthn", "recovery_codes"], True
MFA_ALLOW_UNVERIFIED_EMAIL, MFA_TOTP_ISSUER, MFA_TOTP_TOLERANCE = True, "Svyaz", 1
SOCIALACCOUNT_ADAPTER = "svyaz.desk.users.adapters.SingleSignOnAdapter"
SOCIALACCOUNT_EMAIL_VERIFICATION, SOCIALACCOUNT_REQUESTS_TIMEOUT = "none", 10
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": openid_provider(), "OAUTH_PKCE_ENABLED": True}}
# Which of our users somebody is whom the provider sends for the first time, by what is then linked for good; and the
# e-mail domains of whom the provider may add. Without either only who linked himself in his settings gets in.
OIDC_HOSTS, OIDC_MATCH, OIDC_ADDS = (
    openid_hosts(),
    one_of("SVYAZ_OIDC_MATCH", "", "email", "username"),
    names("SVYAZ_OIDC_ADDS", ""),
)

SESSION_COOKIE_AGE = int(timedelta(hours=14).total_seconds())
SESSION_COOKIE_HTTPONLY = True
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "svyaz.desk.errors.stale_form"
# Behind TLS (SVYAZ_TLS=1) cookies travel over TLS only and browsers are told to stay on it.
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = flag("SVYAZ_TLS")
SECURE_HSTS_SECONDS = int(timedelta(days=365).total_seconds()) if SECURE_SSL_REDIRECT else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE_SSL_REDIRECT else None

LANGUAGE_CODE = os.environ.get("SVYAZ_LANGUAGE", "ru")
LANGUAGES = [("ru", _("Russian")), ("en", _("English"))]
LOCALE_PATHS = [PROJECT_DIR / "locale"]
USE_I18N = USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = STATE_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or flag("SVYAZ_TESTING")  # tests draw pages before anything is collected
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG

DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500

# Requests a second that a token may send to each process, with bursts of twice as many; 0: as many as it likes.
API_RATE = float(os.environ.get("SVYAZ_API_RATE", "500"))
# Openings of cards through the API are gathered for so many seconds before they are written; 0: written at once.
API_OPENINGS_DELAY = float(os.environ.get("SVYAZ_API_OPENINGS_DELAY", "1"))

# Imports: the largest file (MB), days that uploaded files are kept, days in which an import can be undone.
IMPORT_LIMIT_MB = int(os.environ.get("SVYAZ_IMPORT_LIMIT_MB", "512"))
IMPORT_KEPT_DAYS = int(os.environ.get("SVYAZ_IMPORT_KEPT_DAYS", "7"))
IMPORT_UNDO_DAYS = int(os.environ.get("SVYAZ_IMPORT_UNDO_DAYS", "30"))

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": os.environ.get("SVYAZ_LOG_LEVEL", "WARNING")},
}
