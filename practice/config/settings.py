"""One settings file, read through `env.py`. Differences between a laptop and production are environment variables."""

import hashlib
from importlib.util import find_spec
from typing import Any

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from practice.config.env import BASE_DIR, env, parse_database_url, redis_url
from practice.config.limits import KINDS, connection_options
from practice.config.logs import logging_config
from practice.config.stack.embedded import embedded_database_url, embedded_redis_url

DEMO = env.flag("DEMO")
DEBUG = env.flag("DEBUG")
PROCESS = env.choice("PROCESS", set(KINDS), "command")
VAULT_KEYS = env.vault_keys()
BACKUP_KEYS = env.keys("BACKUP_KEYS")
AUDIT_KEYS = env.keys("AUDIT_KEYS")
SECRET_KEY = env.text("SECRET_KEY", hashlib.sha256(b"rapport demo").hexdigest() if DEMO else None)
PUBLIC_URL = env.text("PUBLIC_URL", f"http://localhost:{env.number('PORT', 8000)}").rstrip("/")
SECURE = PUBLIC_URL.startswith("https://")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "localhost,127.0.0.1")
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
SOCKET_ORIGINS = env.words("SOCKET_ORIGINS", PUBLIC_URL)
STATE_DIR = BASE_DIR / env.text("STATE_DIR", "var/state")

INSTALLED_APPS = [
    "alliance.apps.AllianceConfig",
    "homework.apps.HomeworkConfig",
    "messaging.apps.MessagingConfig",
    "clients.apps.ClientsConfig",
    "practice.apps.PracticeConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "practice.permissions.admin_app.RapportAdminConfig",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "rules.apps.AutodiscoverRulesConfig",
    "django_linear_migrations",
    "pgtrigger",
    "django_htmx",
    "template_partials.apps.SimpleAppConfig",
    "django_cotton.apps.SimpleAppConfig",
    "csp",
    "channels",
    "rest_framework",
    "drf_spectacular",
]
FIRST_PARTY_APPS = ["practice", "clients", "messaging", "homework", "alliance"]
if find_spec("django_linear_migrations") is None:  # a tool of builders, not installed where Rapport only runs
    INSTALLED_APPS.remove("django_linear_migrations")

MIDDLEWARE = [
    "practice.pages.tracing.RequestIdMiddleware",
    "practice.pages.visitor.VisitorAddressMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "practice.pages.statics.StaticFilesMiddleware",
    "practice.pages.crowding.PlacesMiddleware",
    "csp.middleware.CSPMiddleware",
    "practice.pages.middleware.HeadMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "practice.accounts.sessions.SessionAgeMiddleware",
    "practice.permissions.middleware.SeatMiddleware",
    "practice.pages.tracing.WhoMiddleware",
    "practice.permissions.second_factor.SecondFactorMiddleware",
    "practice.pages.middleware.PrivacyHeadersMiddleware",
]
ROOT_URLCONF = "practice.config.urls"
ASGI_APPLICATION = "practice.config.asgi.application"
WSGI_APPLICATION = "practice.config.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [
                        (
                            "django.template.loaders.cached.Loader",
                            [
                                "django_cotton.cotton_loader.Loader",
                                "django.template.loaders.filesystem.Loader",
                                "django.template.loaders.app_directories.Loader",
                            ],
                        )
                    ],
                )
            ],
            "libraries": {"i18n": "practice.templatetags.translating"},
            "builtins": [
                "django_cotton.templatetags.cotton",
                "template_partials.templatetags.partials",
                "practice.templatetags.look",
                "practice.templatetags.links",
                "practice.templatetags.translating",
                "django.templatetags.static",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "practice.pages.context.shell",
            ],
        },
    }
]

COTTON_ISOLATE_BY_DEFAULT = True  # a component sees its arguments and the context processors, nothing else
CSRF_FAILURE_VIEW = "practice.pages.errors.csrf_failure"

_database = parse_database_url(env.text("DATABASE_URL", embedded_database_url()))
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": _database.name,
        "USER": _database.user,
        "PASSWORD": _database.password,
        "HOST": _database.host,
        "PORT": _database.port,
        "CONN_MAX_AGE": env.number("CONN_MAX_AGE", 0),
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": 5, **connection_options(PROCESS, _database.options)},
        "TEST": {"NAME": env.text("TEST_DATABASE_NAME", "test_app")},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.text("REDIS_URL", embedded_redis_url())
REDIS_BROKER_DB, REDIS_LAYER_DB, REDIS_HINT_DB = 0, 1, 1
REDIS_BROKER_URL = redis_url(REDIS_URL, REDIS_BROKER_DB)
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {
            "hosts": [
                {
                    "address": redis_url(REDIS_URL, REDIS_LAYER_DB),
                    "socket_timeout": 1,
                    "socket_connect_timeout": 1,
                    "max_connections": 50,
                }
            ],
            "prefix": env.text("LAYER_PREFIX", "rapport"),
        },
    }
}
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "practice_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},  # beyond them counters are thrown away; by default beyond 300
    }
}
SESSION_ENGINE = "practice.accounts.session_store"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE

# the broker and what the beat shares with the workers: broker.py
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True  # ours acknowledge early: says so, changes nothing
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 200_000  # kB
CELERY_TASK_TIME_LIMIT = 120

AUTH_USER_MODEL = "practice.User"
AUTHENTICATION_BACKENDS = [
    "rules.permissions.ObjectPermissionBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
    "practice.accounts.backends.SignInNameBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "practice.accounts.strength.HardToGuessValidator"},
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    "django.contrib.auth.hashers.MD5PasswordHasher",
]
if not env.flag("TESTING"):
    PASSWORD_HASHERS.pop()
else:
    PASSWORD_HASHERS.insert(0, PASSWORD_HASHERS.pop())
LOGIN_URL = "account_login"
PASSWORD_RESET_TIMEOUT = 30 * 60
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_ADAPTER = "practice.accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "practice.accounts.forms.PasswordForm",
}
SECOND_FACTOR_URL = "account_second_factor"  # where staff without one are sent
MFA_ADAPTER = "practice.accounts.second_factors.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Rapport"
MFA_TOTP_TOLERANCE = 1  # phones whose clock is half a minute off
MFA_RECOVERY_CODE_DIGITS = 10
MFA_WEBAUTHN_USER_VERIFICATION = "required"  # a finger, a face or a PIN: a found key alone opens nothing
MFA_FORMS = {
    "authenticate": "practice.accounts.security_forms.SecondFactorForm",
    "authenticate_webauthn": "practice.accounts.passkey_forms.PasskeyStepForm",
    "login_webauthn": "practice.accounts.passkey_forms.PasskeyLoginForm",
}

MAIL_CONFIGURED = bool(env.variables.get("EMAIL_HOST"))
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = env.text("EMAIL_HOST", "127.0.0.1")
EMAIL_PORT = env.number("EMAIL_PORT", 2525)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER", "") if env.variables.get("EMAIL_HOST_USER") else ""
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD", "") if env.variables.get("EMAIL_HOST_PASSWORD") else ""
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS")
EMAIL_USE_SSL = env.flag("EMAIL_USE_SSL")
EMAIL_TIMEOUT = 10
EMAIL_PER_MINUTE = env.number("EMAIL_PER_MINUTE", 0)
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "Rapport <no-reply@localhost>")
DEMO_MAIL_DIR = BASE_DIR / env.text("DEMO_MAIL_DIR", "var/mail")

LANGUAGE_CODE = "en"
LANGUAGES: list[tuple[str, Any]] = [("en", _("English"))]  # one is offered once its catalogue is whole
if env.flag("PSEUDO_LOCALE"):
    LANGUAGES.append(("en-xa", "[pseudo]"))
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "practice.pages.stylesheets.BundleFinder",
]
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("vendor/fonts", BASE_DIR / "node_modules/@fontsource-variable"),
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if env.flag("STATIC_MANIFEST")
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not env.flag("STATIC_MANIFEST")
WHITENOISE_AUTOREFRESH = DEBUG

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "report-uri": ["/csp-report/"],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = False
SILENCED_SYSTEM_CHECKS = [
    "security.W008",  # the proxy redirects to https
    "templates.W003",  # one name for two libraries: ours stands in for Django's i18n, on purpose
]
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE
BEHIND_PROXY = env.flag("BEHIND_PROXY")
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["practice.pages.parsers.CalmJSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "practice.pages.problems.problem_response",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Rapport",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "ENABLE_DJANGO_DEPLOY_CHECK": False,  # our scripts read these views, by shapes that the views check themselves
}

LOGGING = logging_config(
    as_json=env.choice("LOG_FORMAT", {"json", "line"}, "line" if DEMO else "json") == "json",
    level=env.choice("LOG_LEVEL", {"DEBUG", "INFO", "WARNING", "ERROR"}, "WARNING"),
    whole_exceptions=DEBUG,
)
