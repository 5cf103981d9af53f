"""What a stack file may say, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from infra.config import ENVIRONMENTS, Environment, Stack
from infra.errors import ConfigError
from infra.load import from_file, from_process, parse
from tests.support.stack_settings import ROOT, refused, settings


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_every_checked_in_stack_file_is_deployable(environment: Environment) -> None:
    """The three files in the repository pass their own rules."""
    assert from_file(environment, ROOT).environment == environment


def test_the_environments_track_the_branches_of_the_documents() -> None:
    """develop, staging and main each deploy one environment."""
    branches = {environment: from_file(environment, ROOT).branch for environment in ENVIRONMENTS}

    assert branches == {"dev": "develop", "staging": "staging", "prod": "main"}


def test_all_mistakes_are_told_at_once_with_their_paths() -> None:
    """One round trip mends a file with several typos, at any depth."""
    config = settings(databse={"plan": "basic_1gb"}, region="frankfurd", database__disk_gib=5, web__instances=0)
    del config["cams:branch"]

    assert refused(config) == [
        "branch: is required",
        "region: Input should be 'frankfurt', 'ohio', 'oregon', 'singapore' or 'virginia'",
        "web/instances: Input should be greater than or equal to 1",
        "database/disk_gib: is not a setting; did you mean `disk_gb`?",
        "databse: is not a setting; did you mean `database`?",
    ]


def test_the_message_says_what_why_and_what_to_run() -> None:
    """What is wrong, a blank line, and the command that shows whether it is mended."""
    with pytest.raises(ConfigError) as told:
        parse(settings(branch="no spaces please"), "staging")

    assert str(told.value) == (
        "Pulumi.staging.yaml is not deployable: 1 setting is wrong\n"
        "  branch: String should match pattern '^[A-Za-z0-9][A-Za-z0-9._/-]*$'\n\n"
        "hint: correct Pulumi.staging.yaml, then look at what would change: pulumi preview --stack staging"
    )


def test_an_unknown_key_that_the_engine_passes_is_refused() -> None:
    """The program sees every key, not only those that it asks for."""
    config = {key: value if isinstance(value, str) else json.dumps(value) for key, value in settings().items()}

    with pytest.raises(ConfigError) as told:
        from_process("staging", {"PULUMI_CONFIG": json.dumps({**config, "cams:databse": "{}"})})

    assert told.value.mistakes == ("databse: is not a setting; did you mean `database`?",)


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_the_engine_and_the_file_say_the_same(environment: Environment) -> None:
    """Structured values come as JSON from the engine and as YAML from the file."""
    passed = {
        key: value if isinstance(value, str) else json.dumps(value) for key, value in settings(environment).items()
    }

    assert from_process(environment, {"PULUMI_CONFIG": json.dumps(passed)}) == from_file(environment, ROOT)


def test_a_setting_that_is_not_json_after_all_is_told_by_its_path() -> None:
    """A structured value that was cut off is a mistake in that setting, not a traceback."""
    passed = {key: value if isinstance(value, str) else json.dumps(value) for key, value in settings().items()}

    with pytest.raises(ConfigError) as told:
        from_process("staging", {"PULUMI_CONFIG": json.dumps({**passed, "cams:web": '{"plan"'})})

    [mistake] = told.value.mistakes
    assert mistake.startswith("web: Input should be a valid dictionary")


def test_what_should_be_a_list_is_told_in_yamls_words() -> None:
    """Not in Python's."""
    assert refused(settings(secrets="A_KEY")) == ["secrets: Input should be a list, such as [A, B]"]


def test_another_environments_file_is_refused() -> None:
    """A staging stack never deploys what prod's file says."""
    assert refused(settings("prod")) == ["environment: is `prod`, but the stack is `staging`"]


def test_a_setting_of_no_known_namespace_is_refused() -> None:
    """`cam:web` is a typo too, although Pulumi would pass it over."""
    config = {**settings(), "cam:web": {"plan": "pro"}, "aws:s3UsePathStyle": "true", "render:ownerId": "tea-1"}

    assert refused(config) == ["cam:web: is not a setting of cams or of a plugin"]


@pytest.mark.parametrize("accounts", [[], ["123456789012", "210987654321"], [123456789012]])
def test_a_stack_names_exactly_one_account(accounts: list[Any]) -> None:
    """None, two, or one that YAML took for a number and so lost its zeros."""
    config = {**settings(), "aws:allowedAccountIds": accounts}

    assert refused(config)[0].startswith("aws/allowedAccountIds")


@pytest.mark.parametrize(
    ("changes", "mistake"),
    [
        ({"backups__daily": 29}, "backups/daily: prod keeps at least 30 days, got 29"),
        ({"backups__object_lock_days": None}, "backups/object_lock_days: is required in prod"),
        ({"backups__object_lock_days": 371},
         "backups/object_lock_days: shorter than monthly backups are kept (371 < 372)"),
        ({"backups__weekly": 60}, "backups/object_lock_days: shorter than weekly backups are kept (372 < 420)"),
        ({"database__plan": "basic_4gb"},
         "database/high_availability: needs a pro or accelerated plan, got basic_4gb"),
        ({"allowed_hosts": ["localhost"]}, "allowed_hosts/0: `localhost` is a development host, not for prod"),
        ({"variables__DJANGO_DEBUG": "True"}, "variables/DJANGO_DEBUG: debug pages are for dev alone"),
        ({"variables__SENTRY_DSN": "x"},
         ("variables/SENTRY_DSN: looks like a secret, and a stack file is read by everybody: "
          "name it in cams:secrets, then ./slipway secret set prod SENTRY_DSN")),
        ({"variables__PROD_DATABASE_URL": "x"}, "variables/PROD_DATABASE_URL: is decided by the program"),
        ({"secrets": ["A_KEY", "B_KEY", "A_KEY"]}, "secrets/A_KEY: is named twice"),
        ({"secrets": ["REGION"], "variables__REGION": "x"}, "secrets/REGION: is in variables, too"),
        ({"variables__ENVIRONMENT": "dev"}, "variables/ENVIRONMENT: is decided by the program"),
        ({"variables__PROD_ALLOWED_HOSTS": "*"}, "variables/PROD_ALLOWED_HOSTS: is decided by the program"),
        ({"variables__DJANGO_ALLOWED_HOSTS": "a.org"}, "variables/DJANGO_ALLOWED_HOSTS: is decided by the program"),
        ({"variables__CSRF_TRUSTED_ORIGINS": "x"}, "variables/CSRF_TRUSTED_ORIGINS: is decided by the program"),
        ({"variables__EMAIL_BASE_URL": "https://staging.acme.org/a"},
         "variables/EMAIL_BASE_URL: `staging.acme.org` is a development host, not for prod"),
    ],
)  # fmt: skip
def test_prod_refuses(changes: dict[str, Any], mistake: str) -> None:
    """Each rule across settings, broken alone, is the one mistake told."""
    assert refused(settings("prod", **changes), "prod") == [mistake]


@pytest.mark.parametrize(
    ("name", "why"),
    [
        (
            "sentry_dsn",
            "`sentry_dsn` is not the name of a variable: capitals, digits and _; did you mean `SENTRY_DSN`?",
        ),
        (
            "SENTRY-DSN",
            "`SENTRY-DSN` is not the name of a variable: capitals, digits and _; did you mean `SENTRY_DSN`?",
        ),
        ("2FA", "`2FA` is not the name of a variable: capitals, digits and _"),
        ("", "`` is not the name of a variable: capitals, digits and _"),
        ("A_KEY=canary", "`A_KEY=…` gives a value, and only a name belongs here"),
        ("DATABASE_URL", "`DATABASE_URL` is decided by the program"),
        ("PROD_DATABASE_URL", "`PROD_DATABASE_URL` is decided by the program"),
        ("JWT_SECRETS", "`JWT_SECRETS` is decided by the program"),
        ("AWS_SECRET_ACCESS_KEY", "`AWS_SECRET_ACCESS_KEY` is decided by the program"),
        ("RENDER_API_KEY", "`RENDER_API_KEY` is decided by the program"),
        ("DJANGO_DEBUG", "`DJANGO_DEBUG` is no secret: it belongs into cams:variables"),
    ],
)
def test_a_secret_of_ones_own_has_the_name_of_a_variable_that_is_free(name: str, why: str) -> None:
    """What could be a value is not repeated."""
    assert refused(settings(secrets=[name])) == [f"secrets/0: {why}"]


def test_secrets_of_ones_own_are_named_in_order() -> None:
    """A list of names, from the file and from the engine alike."""
    assert parse(settings(secrets=["SENTRY_DSN", "A1"]), "staging").secrets == ("SENTRY_DSN", "A1")
    assert parse(settings(), "staging").secrets == ()


def test_broken_rules_are_told_together() -> None:
    """Rules across settings are collected like all other mistakes."""
    config = settings("prod", backups__daily=7, database__plan="basic_1gb")

    assert refused(config, "prod") == [
        "backups/daily: prod keeps at least 30 days, got 7",
        "database/high_availability: needs a pro or accelerated plan, got basic_1gb",
    ]


def test_dev_is_not_locked() -> None:
    """`pulumi destroy` of dev must be able to empty its buckets."""
    assert refused(settings("dev", backups__object_lock_days=372), "dev") == [
        "backups/object_lock_days: dev can be destroyed, so its backups are not locked"
    ]


@pytest.mark.parametrize("disk_gb", [0, 7, 12])
def test_a_disk_size_that_render_does_not_sell_is_refused(disk_gb: int) -> None:
    """Render would refuse it in the middle of an update."""
    [mistake] = refused(settings(database__disk_gb=disk_gb))

    assert mistake.startswith("database/disk_gb: ")


@pytest.mark.parametrize("schedule", ["17 3 * *", "17 3 * * * *", "daily", "@daily"])
def test_what_is_not_a_schedule_is_refused(schedule: str) -> None:
    """Five fields, as Render wants them."""
    [mistake] = refused(settings(jobs__clear_sessions=schedule))

    assert mistake.startswith("jobs/clear_sessions: ")


def test_a_stack_cannot_be_changed_after_it_was_checked() -> None:
    """Nothing between the check and the clouds can break a rule."""
    stack = from_file("prod", ROOT)

    with pytest.raises(ValueError, match="frozen"):
        stack.branch = "develop"


def test_a_stack_that_does_not_exist_names_those_that_do() -> None:
    """`./slipway up prd` is answered with what can be said."""
    with pytest.raises(ConfigError, match="there is no such stack; there are dev, staging, prod"):
        from_file("prd", ROOT)


def test_a_file_that_is_not_yaml_is_told_without_a_traceback(tmp_path: Path) -> None:
    """A tab or a lost quote is a mistake of the file like any other."""
    (tmp_path / "Pulumi.dev.yaml").write_text('config:\n  cams:branch: "develop\n')

    with pytest.raises(
        ConfigError, match=r"^Pulumi.dev.yaml is not deployable: 1 setting is wrong\n  while scanning"
    ):
        from_file("dev", tmp_path)


def test_no_stack_file_holds_a_secret_or_a_salt() -> None:
    """What Pulumi writes for its own secrets stays out of the repository."""
    for environment in ENVIRONMENTS:
        content = yaml.safe_load((ROOT / f"Pulumi.{environment}.yaml").read_text())

        assert set(content) == {"config"}
        assert "secure" not in str(content)


def test_the_closed_model_leaves_nothing_open() -> None:
    """Every section refuses what it does not know, but for the AWS plugin's own."""
    annotations = [field.annotation for field in Stack.model_fields.values()]
    sections = [one for one in annotations if isinstance(one, type)]
    open_ones = [one.__name__ for one in sections if getattr(one, "model_config", {}).get("extra") == "ignore"]

    assert open_ones == ["Aws"]
