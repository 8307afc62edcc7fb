"""Settings of the whole product, read from the environment once.

Every variable is listed in ``docs/operations.md``; ``script/server`` sets those that a
single machine needs.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF

from disaster.config.env import env_bool, env_database, env_int, env_list, env_secret, env_str

BASE_DIR = Path(__file__).resolve().parent.parent.parent
DATA_DIR = Path(env_str("ZAIQING_DATA") or BASE_DIR / ".data")
"""Where the machine keeps what is not code: photos, collected static files."""

DEBUG = env_bool("ZAIQING_DEBUG")
SECRET_KEY = env_secret("ZAIQING_SECRET_KEY")
FIELD_KEY = env_secret("ZAIQING_FIELD_KEY")
"""Key of personal data at rest: 64 hexadecimal digits. Losing it loses the data."""
ALLOWED_HOSTS = env_list("ZAIQING_HOSTS", "127.0.0.1,localhost,[::1]")
CSRF_TRUSTED_ORIGINS = env_list("ZAIQING_ORIGINS")
"""Origins that may open pages and sockets besides the host itself (https://…)."""
ADDRESS = env_str("ZAIQING_ADDRESS").rstrip("/")
"""Where people open the server (https://…): put before the links in messages."""
BEHIND_TLS = env_bool("ZAIQING_TLS")
"""Set where a proxy ends TLS: cookies become secure, HSTS is sent."""

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.admin",
    "django.contrib.gis",
    "disaster.config.signins.SignInsConfig",
    "csp",
    "ninja",
    "gis",
    "disaster.journal",
    "disaster.people",
    "disaster.rules",
    "disaster.events",
    "disaster.refuge",
    "disaster.registers",
    "disaster.reports",
    "disaster.duty",
    "disaster.warnings",
    "disaster.relief.stock",
    "disaster.relief.needs",
    "disaster.relief.funds",
    "disaster.relief.receipts",
    "disaster.relief.plan",
    "disaster.relief.disclosure",
    "disaster.relief.board",
    "disaster.relief.dispatch",
    "disaster.briefings",
    "disaster.atlas",
    "disaster.config",
    "realtime",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "disaster.config.headers.permissions",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "disaster.people.middleware.language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "disaster.people.middleware.rights",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "disaster.config.urls"
ASGI_APPLICATION = "disaster.config.asgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        # Ours come before the administration's own.
        "DIRS": [BASE_DIR / "disaster" / "config" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "disaster.config.navigation.menu",
            ]
        },
    }
]

# A bounded pool in each process: many sockets, few database connections (DESIGN.md §2).
DATABASES: dict[str, dict[str, Any]] = {
    "default": {
        "ENGINE": "django.contrib.gis.db.backends.postgis",
        **env_database(),
        "OPTIONS": {
            "pool": {"min_size": 1, "max_size": env_int("ZAIQING_DB_POOL", 16), "timeout": 30},
            # Compiling a tile's statement takes longer than running it.
            "options": "-c jit=off",
        },
        "TEST": {"NAME": env_str("ZAIQING_TEST_DATABASE") or None},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env_str("REDIS_URL")
CHANNEL_LAYERS: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"hosts": [REDIS_URL]},
    }
    if REDIS_URL
    else {"BACKEND": "channels.layers.InMemoryChannelLayer"}
}
"""Only wake-ups travel here; the journal is the truth (docs/architecture.md)."""

AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "disaster.people.backends.NameOrPhoneBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/sign-in/"

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
# By name and address together: a stranger elsewhere can't lock the real officer out.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_CALLABLE = "disaster.people.backends.axes_username"
AXES_LOCKOUT_CALLABLE = "disaster.people.views.locked_out"
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ACCESS_FAILURE_LOG = False
AXES_VERBOSE = False

SESSION_COOKIE_AGE = 180 * 24 * 3600  # an officer's phone stays signed in through a season
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BEHIND_TLS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_TLS else None
SECURE_HSTS_SECONDS = 31_536_000 if BEHIND_TLS else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "media-src": [SELF, "blob:"],
        "connect-src": [SELF],
        "worker-src": [SELF, "blob:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}

DATA_UPLOAD_MAX_MEMORY_SIZE = 8 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
MEDIA_ROOT = DATA_DIR / "media"
MAX_PHOTO_BYTES = 6 * 1024 * 1024
MAX_PHOTO_PIXELS = 40_000_000

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
# Browser libraries come from npm as they are: no bundler, no copy.
_NODE = BASE_DIR / "node_modules"
STATICFILES_DIRS = [
    BASE_DIR / "static",
    *(
        (f"vendor/{name}", folder)
        for name, folder in (
            ("maplibre", _NODE / "maplibre-gl" / "dist"),
            ("leaflet", _NODE / "leaflet" / "dist"),
            ("jsqr", _NODE / "jsqr" / "dist"),
        )
        if folder.is_dir()
    ),
]
WHITENOISE_USE_FINDERS = DEBUG or env_bool("ZAIQING_TESTING")
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS
WHITENOISE_MAX_AGE = 0  # names carry no hash: the browser asks, and is answered 304
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}

# What lies under the map's own layers (gis/basemap/, docs/operations.md): nothing unless set.
BASEMAP = {
    "tianditu_key": env_str("ZAIQING_TIANDITU_KEY"),
    "vector": env_str("ZAIQING_BASEMAP_VECTOR"),
    "image": env_str("ZAIQING_BASEMAP_IMAGE"),
    "terrain": env_str("ZAIQING_BASEMAP_TERRAIN"),
    "dem": env_str("ZAIQING_DEM"),
    "credit": env_str("ZAIQING_BASEMAP_CREDIT"),
    "approval": env_str("ZAIQING_BASEMAP_APPROVAL"),
}

# The socket (realtime/): see docs/operations.md before changing.
INGEST_WINDOW_S = 0.003
INGEST_BATCH = env_int("ZAIQING_INGEST_BATCH", 500)
INGEST_WRITERS = env_int("ZAIQING_INGEST_WRITERS", 2)
REPORTS_PER_MINUTE = env_int("ZAIQING_REPORTS_PER_MINUTE", 60)
FEED_TICK_S = 0.1
FEED_MAX_CATCH_UP = env_int("ZAIQING_FEED_MAX_CATCH_UP", 20_000)
RUN_SEALER = env_bool("ZAIQING_SEALER", default=True)

# Alerts of others (disaster/warnings/): where they are looked for besides POST /api/alerts.
ALERT_FOLDER = env_str("ZAIQING_ALERT_FOLDER")
ALERT_URLS = env_list("ZAIQING_ALERT_URL")
ALERT_AREA = env_str("ZAIQING_ALERT_AREA", "000000000000")
"""The area that folder and addresses may warn of; a token has its own."""

# Debian 12 has GDAL 3.6; what gis.W001 asks for comes with 3.9. gis/formats/ opens no addresses.
SILENCED_SYSTEM_CHECKS = ["gis.W001"]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env_str("ZAIQING_LOG", "WARNING")},
}
