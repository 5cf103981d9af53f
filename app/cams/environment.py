"""Reads the whole configuration from environment variables and tells everything that is wrong at once.

Only names that the code uses are read. `.env.example` and `.env.prod` document exactly these (a test compares).
Where a name exists twice, the one with the environment's prefix wins (`STAGING_DATABASE_URL` before `DATABASE_URL`),
and another environment's prefix is never read, so that a development host can't leak into production.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from socket import gethostname
from typing import Any

from cams import values

ENVIRONMENTS = ("dev", "staging", "prod", "preview")
SAMPLED = ("dev", "preview")  # what may be given made-up data
REQUIRED = object()


class BadEnvironment(Exception):  # noqa: N818 - it is the environment that is bad, and says what in it
    """The process can't start: every missing or malformed variable, one a line."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        count = "1 environment variable is" if len(problems) == 1 else f"{len(problems)} environment variables are"
        lines = "".join(f"\n  {problem}" for problem in problems)
        super().__init__(
            f"cannot start: {count} missing or malformed:{lines}\n\n"
            "hint: `.env.example` lists every variable with a value that works"
        )


@dataclass(frozen=True, kw_only=True)
class Environment:
    """What the environment says, checked; secrets stay out of its repr."""

    name: str
    secret_key: str = field(repr=False)
    debug: bool
    allowed_hosts: list[str]
    csrf_trusted_origins: list[str]
    time_zone: str
    language_code: str
    log_level: str
    version: str
    instance: str
    external_url: str
    port: int
    web_concurrency: int | None
    static_url: str
    static_root: str
    start_step_timeout_sec: int
    start_failed_wait_sec: int
    worker_steady_sec: int
    database_url: str = field(repr=False)
    db_connect_timeout_sec: int
    db_statement_timeout_ms: int
    db_pool_size: int
    db_pool_timeout_sec: int
    db_pool_recycle_sec: int
    db_wait_timeout_sec: int
    migration_others_wait_sec: int
    redis_url: str = field(repr=False)
    redis_socket_timeout_sec: float
    redis_connect_timeout_sec: float
    cache_timeout_seconds: int
    cache_optional: bool
    email_muted: bool

    @property
    def secure(self) -> bool:
        """Whether browsers reach this app by https; without a known URL only dev is assumed not to be."""
        if self.external_url:
            return self.external_url.startswith("https://")
        return self.name != "dev"


class Reader:
    """Takes variables one by one and remembers which were asked for and what was wrong."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ
        self.asked: list[str] = []
        self.problems: list[str] = []

    def take(self, *names: str, parse: Callable[[str], Any] = str, default: Any = REQUIRED) -> Any:
        """The first of `names` that is set, parsed; an empty value counts as not set."""
        self.note(*names)
        for name in names:
            if text := self.environ.get(name, "").strip():
                try:
                    return parse(text)
                except ValueError as error:
                    self.refuse(name, str(error))
                    return None
        if default is REQUIRED:
            self.refuse(" or ".join(names), "missing")
            return None
        return default

    def note(self, *names: str) -> None:
        """Count `names` among those that are read."""
        self.asked.extend(name for name in names if name not in self.asked)

    def refuse(self, name: str, why: str) -> None:
        """Note a problem; `why` never holds the value, which may be a secret."""
        self.problems.append(f"{name}: {why}")


def read(environ: Mapping[str, str]) -> Environment:
    """The environment of this process, or `BadEnvironment` naming every variable that is wrong."""
    reader = Reader(environ)
    settings = _read(reader)
    if reader.problems:
        raise BadEnvironment(reader.problems)
    return Environment(**settings)


def names(environment: str) -> list[str]:
    """Every variable that is read in `environment`, in the order of reading."""
    reader = Reader({"ENVIRONMENT": environment})
    _read(reader)
    return reader.asked


def _read(env: Reader) -> dict[str, Any]:
    name = env.take("ENVIRONMENT", parse=values.one_of(*ENVIRONMENTS)) or "dev"
    prefix = name.upper()
    dev = name == "dev"
    external_url = env.take("RENDER_EXTERNAL_URL", parse=values.origin, default="")
    commit = env.take("RENDER_GIT_COMMIT", default="")
    env.note("GUNICORN_CMD_ARGS")  # gunicorn reads it itself
    return {
        "name": name,
        "secret_key": env.take("DJANGO_SECRET_KEY", parse=values.secret(at_least=32)),
        "debug": _debug(env, dev=dev),
        "allowed_hosts": _hosts(env, prefix, dev=dev),
        "csrf_trusted_origins": _origins(env, prefix, external_url),
        "time_zone": env.take("DJANGO_TIME_ZONE", parse=values.time_zone, default="UTC"),
        "language_code": env.take("DJANGO_LANGUAGE_CODE", parse=values.language_code, default="en-us"),
        "log_level": env.take("LOG_LEVEL", parse=values.log_level, default="INFO"),
        "version": env.take("APP_VERSION", default="") or commit or "unknown",
        "instance": env.take("RENDER_INSTANCE_ID", default="") or gethostname(),
        "external_url": external_url,
        "port": env.take("PORT", parse=values.integer(1, 65535), default=8000),
        "web_concurrency": env.take("WEB_CONCURRENCY", parse=values.integer(1, 256), default=None),
        "static_url": env.take("STATIC_URL", parse=values.url_prefix, default="/static/"),
        "static_root": env.take("STATIC_ROOT", parse=values.absolute_path, default=""),
        "start_step_timeout_sec": env.take("START_STEP_TIMEOUT_SEC", parse=values.integer(1, 3600), default=60),
        "start_failed_wait_sec": env.take("START_FAILED_WAIT_SEC", parse=values.integer(0, 3600), default=5),
        "worker_steady_sec": env.take("WORKER_STEADY_SEC", parse=values.integer(0, 3600), default=5),
        "database_url": _database_url(env, prefix),
        "db_connect_timeout_sec": env.take("DB_CONNECT_TIMEOUT_SEC", parse=values.integer(1, 300), default=5),
        "db_statement_timeout_ms": env.take("DB_STATEMENT_TIMEOUT_MS", parse=values.integer(0), default=30_000),
        "db_pool_size": env.take("DB_POOL_SIZE", parse=values.integer(1, 1000), default=5),
        "db_pool_timeout_sec": env.take("DB_POOL_TIMEOUT_SEC", parse=values.integer(1, 300), default=5),
        "db_pool_recycle_sec": env.take("DB_POOL_RECYCLE_SEC", parse=values.integer(1), default=1800),
        "db_wait_timeout_sec": env.take("DB_WAIT_TIMEOUT_SEC", parse=values.integer(0, 3600), default=60),
        "migration_others_wait_sec": env.take("MIGRATION_OTHERS_WAIT_SEC", parse=values.integer(0, 3600), default=2),
        "redis_url": env.take("REDIS_URL", parse=values.redis_url, default=""),
        "redis_socket_timeout_sec": env.take("REDIS_SOCKET_TIMEOUT_SEC", parse=values.seconds, default=2.0),
        "redis_connect_timeout_sec": env.take("REDIS_CONNECT_TIMEOUT_SEC", parse=values.seconds, default=2.0),
        "cache_timeout_seconds": env.take("CACHE_TIMEOUT_SECONDS", parse=values.integer(0), default=300),
        "cache_optional": env.take("CACHE_OPTIONAL", parse=values.boolean, default=True),
        "email_muted": env.take("EMAIL_MUTED", parse=values.boolean, default=name != "prod"),
    }


def _debug(env: Reader, *, dev: bool) -> bool:
    debug: bool = env.take("DJANGO_DEBUG", parse=values.boolean, default=False)
    if debug and not dev:
        env.refuse("DJANGO_DEBUG", "must be off outside dev: its error pages show settings and source")
    return debug


def _hosts(env: Reader, prefix: str, *, dev: bool) -> list[str]:
    """Hosts that requests may name; Render's own host name is always one of them."""
    own = env.take("RENDER_EXTERNAL_HOSTNAME", parse=values.host, default="")
    fallback = ["localhost", "127.0.0.1", "[::1]"] if dev else [own] if own else REQUIRED
    hosts = env.take(f"{prefix}_ALLOWED_HOSTS", "DJANGO_ALLOWED_HOSTS", parse=values.hosts, default=fallback) or []
    if "*" in hosts and not dev:
        env.refuse(f"{prefix}_ALLOWED_HOSTS", "`*` allows every host, which only dev may")
    return [*hosts, own] if own and own not in hosts else hosts


def _origins(env: Reader, prefix: str, own: str | None) -> list[str]:
    """Origins whose forms are trusted; the app's own address is always one of them."""
    names = (f"{prefix}_CSRF_TRUSTED_ORIGINS", "CSRF_TRUSTED_ORIGINS")
    origins = env.take(*names, parse=values.origins, default=[]) or []
    return [*origins, own] if own and own not in origins else origins


def _database_url(env: Reader, prefix: str) -> str | None:
    """The environment's database; in a test run its test database, so that a test can't touch live data."""
    live_names = (f"{prefix}_DATABASE_URL", "DATABASE_URL")
    in_pytest = bool(env.environ.get("PYTEST_CURRENT_TEST"))
    testing = env.take("DJANGO_USE_TEST_DATABASE", parse=values.boolean, default=False) or in_pytest
    url: str | None
    if not testing:
        url = env.take(*live_names, parse=values.database_url)
        if prefix != "PROD":
            env.note(f"{prefix}_TEST_DATABASE_URL")
        return url
    because = "PYTEST_CURRENT_TEST" if in_pytest else "DJANGO_USE_TEST_DATABASE"
    if prefix == "PROD":
        env.refuse(because, "tests are refused in prod, which has no test database")
        return None
    live = {env.take(name, parse=values.database_url, default="") for name in live_names}
    url = env.take(f"{prefix}_TEST_DATABASE_URL", parse=values.database_url)
    if url and url in live:
        env.refuse(f"{prefix}_TEST_DATABASE_URL", "is the live database, which tests must not touch")
    return url
