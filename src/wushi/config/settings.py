"""One settings file; what differs between machines comes from ``env`` (one typed reader)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from wushi.config import env
from wushi.config.keys import index_key, secret_key

ENV = env.load()
PACKAGE = Path(__file__).resolve().parent.parent

SECRET_KEY = secret_key(ENV)
WUSHI_INDEX_KEY = index_key(ENV)
DEBUG = ENV.debug
# the parent asks its own children by the loopback address whatever the public names are
ALLOWED_HOSTS = [*ENV.allowed_hosts, "127.0.0.1", "localhost", "[::1]"] if ENV.allowed_hosts else ["*"]
WUSHI_HOME = ENV.home
WUSHI_COUNTY = ENV.county
WUSHI_LIVE_URL = ENV.live_url
WUSHI_PUBLIC_URL = ENV.public_url
WUSHI_PORT = ENV.port
MQTT_URL = ENV.mqtt_url
MEDIA_ROOT = ENV.home / "media"
ROOT_URLCONF = "wushi.config.urls"
WSGI_APPLICATION = "wushi.config.wsgi.application"

INSTALLED_APPS = [
    "django.contrib.staticfiles",
    "procrastinate.contrib.django",
    "wushi.domain.audit",
    "wushi.domain.outbox",
    "wushi.domain.areas",
    "wushi.domain.accounts",
    "wushi.domain.files",
    "wushi.domain.imports",
    "wushi.domain.notify",
    "wushi.domain.people",
    "wushi.domain.cases",
    "wushi.domain.calls",
    "wushi.domain.insight",
    "wushi.web",
    "wushi.config.apps.HouseConfig",
]
MIDDLEWARE = [
    "wushi.edge.middleware.RequestLog",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "wushi.edge.middleware.ContentPolicy",
    "wushi.edge.middleware.Who",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "wushi.edge.pages.common",
                "wushi.web.context.page",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static"],
        },
    }
]

# Roles: app owns nothing; owner owns everything and is used by `wushi migrate` and tests alone.
DATABASES: dict[str, dict[str, Any]] = env.databases(ENV)
DATABASE_ROUTERS: list[str] = []
WUSHI_APP_ROLE = DATABASES["default"].get("USER") or "wushi_app"
WUSHI_OWNER_ROLE = DATABASES["owner"].get("USER") or "wushi_owner"
WUSHI_BACKUP_ROLE = "wushi_backup"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LOCALE_PATHS = [PACKAGE / "web" / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = ENV.home / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if ENV.debug
        else "wushi.config.static.Modules"
    },
}
WHITENOISE_USE_FINDERS = ENV.debug

# A page's body never exceeds this; photos go through `live` (slow uploads would hang all WSGI threads).
DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]

CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = ENV.https
CSRF_FAILURE_VIEW = "wushi.edge.errors.forbidden_form"
CSRF_TRUSTED_ORIGINS = list(ENV.trusted_origins)
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ENV.behind_proxy else None
LANGUAGE_COOKIE_NAME = "django_language"
LANGUAGE_COOKIE_AGE = 365 * 86400
LANGUAGE_COOKIE_SAMESITE = "Lax"

# What a district's office sets for its residents; shown, never computed with.
WUSHI_DISCIPLINE_CHANNELS = ENV.discipline_channels
WUSHI_PRINT_FONTS = ENV.print_fonts

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "tasks"
PROCRASTINATE_IMPORT_PATHS = ["wushi.domain.accounts.tasks", "wushi.domain.files.tasks"]
LOGGING_CONFIG = None
SILENCED_SYSTEM_CHECKS: list[str] = ["security.W004", "security.W008"] if not ENV.https else []
