"""Django's settings, made from the environment. Nothing here is set by hand on a host."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from concordat.site import signin
from concordat.site.environment import environment
from concordat.site.logs import logging_config

ENV = environment()
DATA_DIR = Path(ENV.data_dir).resolve()


def _secret_key() -> str:
    """The key from the environment, or one made once and kept where only the owner can read."""
    if given := ENV.secret_key.get_secret_value():
        return given
    kept = DATA_DIR / "secret.key"
    if not kept.exists():
        DATA_DIR.mkdir(parents=True, exist_ok=True)
        try:
            with os.fdopen(os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(secrets.token_urlsafe(48))
        except FileExistsError:
            pass
    return kept.read_text()


def _database() -> dict[str, object]:
    if not ENV.database_url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(DATA_DIR / "concordat.sqlite3"),
            "CONN_MAX_AGE": 60,  # opening it anew, with its PRAGMAs, is a quarter of a list's cost
            # IMMEDIATE: a deferred transaction that turns into a write fails under contention.
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 30,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
                "PRAGMA foreign_keys=ON; PRAGMA cache_size=-65536; PRAGMA mmap_size=268435456;",
            },
        }
    url = urlsplit(ENV.database_url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(url.path.lstrip("/")),
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": url.hostname or "",
        "PORT": str(url.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": dict(parse_qsl(url.query)),
    }


SECRET_KEY = _secret_key()
DEBUG = ENV.debug
ALLOWED_HOSTS = ENV.hosts
DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "kernel.Person"

INSTALLED_APPS = [
    "concordat.demo",
    "concordat.site",
    "concordat.evaluations",
    "concordat.marketplace",
    "concordat.tables",
    "concordat.kernel",
    *signin.APPS,
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "concordat.site.health.measure",
    "concordat.kernel.doors.middleware.RequestNumber",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "concordat.kernel.doors.middleware.SecurityHeaders",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "concordat.site.second_factor.SecondFactor",
    "concordat.kernel.doors.middleware.WhoIsAsking",
    "concordat.kernel.doors.middleware.RateLimit",
]

ROOT_URLCONF = "concordat.site.urls"
WSGI_APPLICATION = "concordat.site.wsgi.application"
APPEND_SLASH = False

TEMPLATES = [
    {"BACKEND": "concordat.kernel.doors.jinja.Pages", "NAME": "pages"},
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
    },
]

BASE_URL = ENV.base_url.rstrip("/")
DEFAULT_FROM_EMAIL = ENV.email_from
EMAIL_BACKEND = {
    "file": "django.core.mail.backends.filebased.EmailBackend",
    "console": "django.core.mail.backends.console.EmailBackend",
    "smtp": "django.core.mail.backends.smtp.EmailBackend",
    "notify": "concordat.site.notify.NotifyBackend",
}[ENV.email_backend]
EMAIL_FILE_PATH = str(DATA_DIR / "mail")
if _smtp := ENV.smtp_url.get_secret_value():
    _url = urlsplit(_smtp)
    EMAIL_HOST, EMAIL_PORT = _url.hostname or "", _url.port or 587
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = (
        unquote(_url.username or ""),
        unquote(_url.password or ""),
    )
    EMAIL_USE_TLS = True
    EMAIL_TIMEOUT = 20

LOGGING = logging_config(ENV.log_level, ENV.log_format)

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_TZ = True
STATIC_URL = "/static/"
STATICFILES_DIRS = [Path(__file__).parents[1] / "kernel" / "doors" / "static"]
WHITENOISE_USE_FINDERS = True  # nothing to collect: the files are in the package

DOORS = {
    "name": "Concordat",
    "phase": "Demonstration" if ENV.demo else "",
    "navigation": [
        ("Find data", "/search"),
        ("Register of data uses", "/register"),
        ("Evaluations", "/evaluations"),
        ("Organisations", "/organisations"),
        ("Audit", "/audit"),
    ],
    "inside": {"/search": "/inside/search", "/evaluations": "/inside/evaluations"},
    "menu": [  # with the permission that makes it worth showing
        ("Your work", "/inside", ""),
        ("Administration", "/inside/admin", "person:see"),
    ],
    "footer": [
        ("Accessibility statement", "/accessibility"),
        ("Privacy", "/privacy"),
        ("Cookies", "/cookies"),
        ("API", "/api/v1/openapi.json"),
    ],
    "sign_in": "/sign-in" if ENV.face == "all" else "",
    "sign_out": "/sign-out",
    "account": "/inside/account",
    "inbox": "/inside/notices",
}
RATE_LIMIT = ENV.rate_limit
WEBHOOK_PRIVATE_NETWORKS = ENV.webhook_private_networks
TRUSTED_PROXIES = ENV.trusted_proxies
CSRF_FAILURE_VIEW = "concordat.kernel.doors.errors.csrf_failed"

# A form that begins a sign-in is answered by a redirect to the issuer, which the browser checks.
_issuer = urlsplit(ENV.oidc_issuer)
DOORS_FORM_TARGETS = [
    *([f"{_issuer.scheme}://{_issuer.netloc}"] if ENV.oidc_issuer else []),
    *ENV.oidc_form_origins,
]

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = ENV.https
SESSION_COOKIE_AGE = CSRF_COOKIE_AGE = 12 * 3600  # as the page about cookies says
CSRF_TRUSTED_ORIGINS = [ENV.base_url]
SECURE_HSTS_SECONDS = 31_536_000 if ENV.https else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if ENV.trusted_proxies:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("MinimumLengthValidator", "CommonPasswordValidator")
]
globals().update(signin.allauth_settings(ENV))
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
# In the database, so that every process of every host counts the same wrong passwords, and in room
# enough that nobody can flush the counts by filling it.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "kernel_cache",
        "OPTIONS": {"MAX_ENTRIES": 1_000_000},
    }
}
