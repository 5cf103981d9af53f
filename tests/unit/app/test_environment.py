"""Configuration: what is read from the environment, what is refused, and what is documented."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from cams import environment
from cams.environment import BadEnvironment, Environment

SECRET = "a-secret-key-that-is-long-enough-0123456789"
URL = "postgresql://cams:hunter2@db.example:5432/exams"
OTHER_URL = "postgresql://cams:hunter2@db.example:5432/other"


def read(**variables: str) -> Environment:
    """The environment with all that is required and `variables`; an empty one counts as absent."""
    return environment.read(
        {"ENVIRONMENT": "dev", "DJANGO_SECRET_KEY": SECRET, "DATABASE_URL": URL, **variables},
    )


def problems(**variables: str) -> list[str]:
    """What is wrong with an environment."""
    with pytest.raises(BadEnvironment) as caught:
        read(**variables)
    return caught.value.problems


def test_three_variables_are_enough_for_development() -> None:
    """Everything else has a default."""
    env = read()

    assert (env.name, env.debug, env.version, env.port, env.web_concurrency) == ("dev", False, "unknown", 8000, None)
    assert env.allowed_hosts == ["localhost", "127.0.0.1", "[::1]"]
    assert (env.csrf_trusted_origins, env.redis_url, env.secure) == ([], "", False)


def test_only_prod_sends_mail_unless_told_otherwise() -> None:
    """A clone of its data runs in another environment, and writes to nobody."""
    there = {name: read(ENVIRONMENT=name, DJANGO_ALLOWED_HOSTS="a.example") for name in environment.ENVIRONMENTS}

    assert {name: env.email_muted for name, env in there.items()} == {
        "dev": True,
        "staging": True,
        "prod": False,
        "preview": True,
    }
    assert not read(EMAIL_MUTED="false").email_muted


def test_an_empty_environment_lists_all_that_is_required() -> None:
    """Every missing variable is named in one message that ends in a hint."""
    with pytest.raises(BadEnvironment) as caught:
        environment.read({})

    assert str(caught.value) == (
        "cannot start: 3 environment variables are missing or malformed:\n"
        "  ENVIRONMENT: missing\n"
        "  DJANGO_SECRET_KEY: missing\n"
        "  DEV_DATABASE_URL or DATABASE_URL: missing\n"
        "\n"
        "hint: `.env.example` lists every variable with a value that works"
    )


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("ENVIRONMENT", "production", "must be one of dev, staging, prod, preview"),
        ("DJANGO_SECRET_KEY", "short", "must have at least 32 characters"),
        ("DJANGO_DEBUG", "perhaps", "must be true or false"),
        (
            "DEV_ALLOWED_HOSTS",
            "https://a.example",
            "must be a host name such as exams.example.org, without scheme or path",
        ),
        ("DEV_CSRF_TRUSTED_ORIGINS", "a.example", "must be an origin such as https://exams.example.org"),
        ("CSRF_TRUSTED_ORIGINS", "https://a.example/path", "must be an origin such as https://exams.example.org"),
        ("DJANGO_TIME_ZONE", "Mars/Base", "must be a time zone such as Europe/Zurich"),
        ("DJANGO_TIME_ZONE", "Europe", "must be a time zone such as Europe/Zurich"),
        ("DJANGO_TIME_ZONE", "../etc/passwd", "must be a time zone such as Europe/Zurich"),
        ("DJANGO_LANGUAGE_CODE", "english", "must be a language code such as en-us"),
        ("LOG_LEVEL", "loud", "must be one of DEBUG, INFO, WARNING, ERROR, CRITICAL"),
        ("PORT", "0", "must be a whole number, 1 to 65535"),
        ("PORT", "-1", "must be a whole number, 1 to 65535"),
        ("PORT", "٣", "must be a whole number, 1 to 65535"),
        ("WEB_CONCURRENCY", "0", "must be a whole number, 1 to 256"),
        ("STATIC_URL", "static", "must start with / or https:// and end with /"),
        ("STATIC_ROOT", "static", "must be an absolute path"),
        ("DATABASE_URL", "sqlite:///x", "must look like postgresql://user:password@host:5432/name"),
        ("DATABASE_URL", "postgresql://host", "must look like postgresql://user:password@host:5432/name"),
        ("DATABASE_URL", "postgresql://h:port/x", "must look like postgresql://user:password@host:5432/name"),
        ("DEV_DATABASE_URL", "postgresql:///x", "must look like postgresql://user:password@host:5432/name"),
        ("REDIS_URL", "http://cache", "must look like redis://host:6379"),
        ("REDIS_SOCKET_TIMEOUT_SEC", "0", "must be a positive number of seconds"),
        ("REDIS_CONNECT_TIMEOUT_SEC", "nan", "must be a positive number of seconds"),
        ("CACHE_TIMEOUT_SECONDS", "1.5", "must be a whole number of at least 0"),
        ("DB_STATEMENT_TIMEOUT_MS", "soon", "must be a whole number of at least 0"),
        ("RENDER_EXTERNAL_URL", "cams.example", "must be an origin such as https://exams.example.org"),
    ],
)
def test_a_malformed_variable_is_named_with_its_rule(name: str, value: str, why: str) -> None:
    """The one problem told is the variable and what it must be."""
    assert problems(**{name: value}) == [f"{name}: {why}"]


def test_no_message_and_no_repr_shows_a_secret() -> None:
    """A malformed secret is not printed, and neither is one that was read."""
    told = "\n".join(
        problems(DJANGO_SECRET_KEY="hunter2", DATABASE_URL="mysql://cams:hunter2@db/x", REDIS_URL="hunter2")
    )
    shown = repr(read(REDIS_URL="redis://:hunter2@cache:6379"))

    assert told.count(": must ") == 3
    assert "hunter2" not in told + shown
    assert SECRET not in shown


@pytest.mark.parametrize("blank", ["", "  "])
def test_a_blank_variable_is_absent(blank: str) -> None:
    """Platforms pass on empty values for what nobody set."""
    assert read(PORT=blank, REDIS_URL=blank).port == 8000
    assert problems(DJANGO_SECRET_KEY=blank) == ["DJANGO_SECRET_KEY: missing"]


def test_the_prefixed_name_wins_and_another_environments_is_ignored() -> None:
    """Staging takes STAGING_ before the plain name, and a DEV_ host never reaches it."""
    env = read(
        ENVIRONMENT="staging",
        STAGING_DATABASE_URL=OTHER_URL,
        STAGING_ALLOWED_HOSTS="s.example, t.example:443",
        DJANGO_ALLOWED_HOSTS="plain.example",
        DEV_ALLOWED_HOSTS="dev.example",
        DEV_CSRF_TRUSTED_ORIGINS="https://dev.example",
        CSRF_TRUSTED_ORIGINS="https://plain.example",
    )

    assert env.database_url == OTHER_URL
    assert env.allowed_hosts == ["s.example", "t.example"]
    assert env.csrf_trusted_origins == ["https://plain.example"]


def test_outside_dev_hosts_are_required() -> None:
    """Without a host of its own a production app would answer nobody: the start says so."""
    assert problems(ENVIRONMENT="prod") == ["PROD_ALLOWED_HOSTS or DJANGO_ALLOWED_HOSTS: missing"]


def test_render_tells_the_app_its_address() -> None:
    """Render's host and origin are trusted without being configured, and https makes cookies secure."""
    env = read(
        ENVIRONMENT="prod",
        RENDER_EXTERNAL_HOSTNAME="cams-prod.onrender.com",
        RENDER_EXTERNAL_URL="https://cams-prod.onrender.com/",
        PROD_ALLOWED_HOSTS="exams.example.org",
    )

    assert env.allowed_hosts == ["exams.example.org", "cams-prod.onrender.com"]
    assert env.csrf_trusted_origins == ["https://cams-prod.onrender.com"]
    assert env.secure is True
    assert read(ENVIRONMENT="prod", RENDER_EXTERNAL_HOSTNAME="127.0.0.1:4000").allowed_hosts == ["127.0.0.1"]


@pytest.mark.parametrize(
    ("environment_name", "url", "secure"),
    [
        ("dev", "", False),
        ("prod", "", True),
        ("prod", "http://127.0.0.1:4000", False),
        ("dev", "https://x.example", True),
    ],
)
def test_cookies_are_secure_where_the_address_is(environment_name: str, url: str, secure: bool) -> None:
    """A known address decides; without one only dev is taken for plain http."""
    env = read(ENVIRONMENT=environment_name, RENDER_EXTERNAL_URL=url, DJANGO_ALLOWED_HOSTS="x.example")

    assert env.secure is secure


def test_what_would_open_production_is_refused() -> None:
    """Debug pages and a host of `*` are for dev alone."""
    assert problems(ENVIRONMENT="prod", DJANGO_DEBUG="true", PROD_ALLOWED_HOSTS="*") == [
        "DJANGO_DEBUG: must be off outside dev: its error pages show settings and source",
        "PROD_ALLOWED_HOSTS: `*` allows every host, which only dev may",
    ]
    assert read(DJANGO_DEBUG="true", DEV_ALLOWED_HOSTS="*").debug is True


def test_the_version_falls_back_to_the_commit() -> None:
    """APP_VERSION names the release; without it the commit does."""
    assert read(APP_VERSION="2026.05.1", RENDER_GIT_COMMIT="0123abc").version == "2026.05.1"
    assert read(RENDER_GIT_COMMIT="0123abc").version == "0123abc"


@pytest.mark.parametrize("switch", [{"PYTEST_CURRENT_TEST": "test_x"}, {"DJANGO_USE_TEST_DATABASE": "true"}])
@pytest.mark.parametrize("name", ["dev", "staging"])
def test_a_test_run_gets_the_test_database(name: str, switch: dict[str, str]) -> None:
    """Under pytest, or when told so, dev and staging use their test database and never the live one."""
    test_name = f"{name.upper()}_TEST_DATABASE_URL"
    base = {"ENVIRONMENT": name, "DJANGO_ALLOWED_HOSTS": "x.example", **switch}

    assert read(**base, **{test_name: OTHER_URL}).database_url == OTHER_URL
    assert problems(**base) == [f"{test_name}: missing"]
    assert problems(**base, **{test_name: URL}) == [f"{test_name}: is the live database, which tests must not touch"]


def test_prod_refuses_to_be_tested() -> None:
    """There is no test database in production, so a test run does not start there."""
    assert problems(ENVIRONMENT="prod", PROD_ALLOWED_HOSTS="x.example", PYTEST_CURRENT_TEST="test_x") == [
        "PYTEST_CURRENT_TEST: tests are refused in prod, which has no test database"
    ]


def documented(file: Path) -> dict[str, str]:
    """The variables of an env file with their values, those in comments too."""
    pairs = re.findall(r"^(?:# )?([A-Z][A-Z0-9_]*)=(.*)$", file.read_text(), flags=re.MULTILINE)
    assert len(pairs) == len({name for name, _ in pairs}), "a variable is listed twice"
    return dict(pairs)


@pytest.mark.parametrize(("file", "name"), [(".env.example", "dev"), (".env.prod", "prod")])
def test_env_files_list_exactly_what_the_code_reads(app: Path, file: str, name: str) -> None:
    """A variable added to the code or left in a file fails here."""
    assert sorted(documented(app / file)) == sorted(environment.names(name))


def test_the_example_starts_as_it_is(app: Path) -> None:
    """Every value in `.env.example` is valid, those in comments included."""
    example = documented(app / ".env.example")
    del example["DJANGO_USE_TEST_DATABASE"]

    env = environment.read(example)

    assert (env.name, env.debug, env.port) == ("dev", True, 8000)


def test_the_production_file_holds_no_secret(app: Path) -> None:
    """Keys and connection strings are empty there; with them, and hosts, it is a valid environment."""
    prod = documented(app / ".env.prod")
    secrets = {"DJANGO_SECRET_KEY": SECRET, "PROD_DATABASE_URL": URL, "DATABASE_URL": URL, "REDIS_URL": "redis://h:1"}

    assert {name for name, value in prod.items() if not value} == set(secrets)
    assert environment.read({**prod, **secrets}).name == "prod"
