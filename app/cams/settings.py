"""Django's settings, all from the environment."""

import os
import sys
import warnings
from pathlib import Path
from typing import Any

import dj_database_url

from cams.environment import BadEnvironment, read
from cams.logs import logging_config
from cams.static_files import default_root

BASE_DIR = Path(__file__).resolve().parent.parent

try:
    ENVIRONMENT = read(os.environ)
except BadEnvironment as error:
    sys.exit(str(error))

SECRET_KEY = ENVIRONMENT.secret_key
DEBUG = ENVIRONMENT.debug
ALLOWED_HOSTS = ENVIRONMENT.allowed_hosts
CSRF_TRUSTED_ORIGINS = ENVIRONMENT.csrf_trusted_origins

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_tasks",
    "django_tasks_db",
    "cams",
    "exams",
    "pages",
]

MIDDLEWARE = [
    # First, so that a health check needs no valid Host, no session and no thread.
    "cams.health.HealthMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "cams.urls"
ASGI_APPLICATION = "cams.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

# Requests run in threads that come and go under ASGI, so connections are kept in a pool, not in threads.
_database: dict[str, Any] = {**dj_database_url.parse(ENVIRONMENT.database_url, engine="cams.postgres")}
_from_url = _database.pop("OPTIONS", {})
_database["OPTIONS"] = {
    "connect_timeout": ENVIRONMENT.db_connect_timeout_sec,
    # A network that swallows everything is found out as soon as a server that does.
    "tcp_user_timeout": ENVIRONMENT.db_connect_timeout_sec * 1000,
    "application_name": f"cams-{ENVIRONMENT.name}",
    **_from_url,
    "options": f"-c statement_timeout={ENVIRONMENT.db_statement_timeout_ms} {_from_url.get('options', '')}".strip(),
}
_database["POOL"] = {
    "size": ENVIRONMENT.db_pool_size,
    "timeout": ENVIRONMENT.db_pool_timeout_sec,
    "lifetime": ENVIRONMENT.db_pool_recycle_sec,
}
DATABASES = {"default": _database}

if ENVIRONMENT.redis_url:
    CACHES = {
        "default": {
            "BACKEND": "cams.cache.RedisCache",
            "LOCATION": ENVIRONMENT.redis_url,
            "TIMEOUT": ENVIRONMENT.cache_timeout_seconds,
            "KEY_PREFIX": f"cams-{ENVIRONMENT.name}",
            "OPTIONS": {
                "socket_timeout": ENVIRONMENT.redis_socket_timeout_sec,
                "socket_connect_timeout": ENVIRONMENT.redis_connect_timeout_sec,
            },
        }
    }
    # Reads come from the cache; the database has the truth, so a cache that is gone logs nobody out.
    SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
else:
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
            "TIMEOUT": ENVIRONMENT.cache_timeout_seconds,
        }
    }
    SESSION_ENGINE = "django.contrib.sessions.backends.db"

# Each worker has a queue of its own, too (`cams.heartbeats`), so that the names of queues are no fixed list.
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}

if ENVIRONMENT.email_muted:
    # What runs with a copy of prod's data writes to nobody, whatever is in it.
    EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"

# Three environments may share a host name, and cookies ignore the port: each has names of its own.
SESSION_COOKIE_NAME = f"cams_{ENVIRONMENT.name}_session"
CSRF_COOKIE_NAME = f"cams_{ENVIRONMENT.name}_csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = ENVIRONMENT.secure
if ENVIRONMENT.secure:
    # TLS ends at the platform's proxy, which every request passes.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 31_536_000
X_FRAME_OPTIONS = "DENY"

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

LANGUAGE_CODE = ENVIRONMENT.language_code
TIME_ZONE = ENVIRONMENT.time_zone
USE_TZ = True

STATIC_URL = ENVIRONMENT.static_url
STATIC_ROOT = ENVIRONMENT.static_root or default_root(ENVIRONMENT.version)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "cams.static_storage.StaticStorage"
    },
}
# WhiteNoise hands out files as plain iterators, which Django reads whole under ASGI: right for files this small.
warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous iterators", module="django")

LOGGING_CONFIG = "logging.config.dictConfig"
LOGGING = logging_config(ENVIRONMENT.name, ENVIRONMENT.version, ENVIRONMENT.log_level)
