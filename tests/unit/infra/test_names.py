"""Names are made of the application's name and the stack: another application is another name and nothing else."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest

from infra.application import APPLICATION
from infra.blueprint import render_yaml
from infra.config import ENVIRONMENTS, Environment, Stack
from infra.errors import ConfigError
from infra.load import from_file, parse
from infra.names import Names
from infra.running import Domains
from tests.support.program import Declare, Program, run

ROOT = Path(__file__).parents[3]
OTHER = dataclasses.replace(APPLICATION, name="exam-desk")
# As the state has them: another type would be another resource, and what is in it would be made anew.
COMPONENTS = {
    "cams:index:AccessLog",
    "cams:index:Alarms", "cams:index:BackupJobs", "cams:index:BackupKey", "cams:index:Backups",
    "cams:index:Basis", "cams:index:Bucket", "cams:index:Cache",
    "cams:index:Configuration", "cams:index:Database", "cams:index:Domains",
    "cams:index:Guard", "cams:index:Identity", "cams:index:Image", "cams:index:Jobs", "cams:index:Key",
    "cams:index:Maintenance", "cams:index:Media", "cams:index:OpsImage", "cams:index:Registry", "cams:index:Secrets",
    "cams:index:Web", "cams:index:Worker",
}  # fmt: skip


@pytest.fixture(scope="module")
def others(tmp_path_factory: pytest.TempPathFactory) -> dict[Environment, Stack]:
    """The three stacks of a second application, with a setting for everything that there is to declare."""
    folder = tmp_path_factory.mktemp("other")
    for environment in ENVIRONMENTS:
        own = f"{{web: [{environment}.example.org]}}"
        text = (ROOT / f"Pulumi.{environment}.yaml").read_text().replace(APPLICATION.name, OTHER.name)
        text += f"  {OTHER.name}:domains: {own}\n  {OTHER.name}:secrets: [SENTRY_DSN]\n"
        (folder / f"Pulumi.{environment}.yaml").write_text(text)
    return {environment: from_file(environment, folder, OTHER) for environment in ENVIRONMENTS}


def text(program: Program) -> str:
    """All that a run asks, registers and exports."""
    return json.dumps(dataclasses.asdict(program), default=sorted)


@pytest.mark.parametrize("identity", ["oidc", "access_key"])
@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_a_second_application_has_nothing_of_the_first(
    others: dict[Environment, Stack], programs: dict[Environment, Program], environment: Environment, identity: str
) -> None:
    """No name, input, tag, policy, type, output or question; and the same resources."""
    stack = others[environment].model_copy(update={"identity": identity})

    program = run(stack)

    assert APPLICATION.name in text(programs[environment])
    assert APPLICATION.name not in text(program).lower()
    assert {one.type.partition(":")[2] for one in programs[environment].resources} - {
        one.type.partition(":")[2] for one in program.resources
    } <= {"iam/role:Role", "iam/rolePolicy:RolePolicy"}


def test_what_runs_of_a_second_application_has_nothing_of_the_first(others: dict[Environment, Stack]) -> None:
    """Released by its record instead of built."""
    program = run(others["prod"], {"digest": "sha256:" + "ab" * 32})

    assert APPLICATION.name not in text(program).lower()


def test_a_blueprint_of_a_second_application_has_nothing_of_the_first(others: dict[Environment, Stack]) -> None:
    """Neither its project nor its services."""
    blueprint = render_yaml([*others.values()])

    assert OTHER.name in blueprint
    assert APPLICATION.name not in blueprint.lower()


def test_a_component_is_known_by_the_type_that_the_state_has(declare: Declare) -> None:
    """Whatever a class is called: all that were ever registered keep their types."""
    stack = from_file("staging", ROOT).model_copy(update={"domains": Domains(web=("exams.example.org",))})

    program = declare(stack)

    assert {one.type for one in program.resources if one.type.startswith("cams:")} == COMPONENTS


def test_mistakes_of_a_second_application_are_told_by_its_own_name(others: dict[Environment, Stack]) -> None:
    """Also where the first one's settings are given to it."""
    stack = others["staging"]
    settings = {f"{OTHER.name}:{key}": value for key, value in stack.model_dump(exclude={"aws"}).items()}
    wrong = {
        f"{OTHER.name}:variables": {"API_TOKEN": "x"},
        f"{OTHER.name}:secrets": ["LOG_LEVEL"],
        "cams:branch": "x",
    }

    with pytest.raises(ConfigError) as told:
        parse({**settings, "aws:region": "eu-central-1", **wrong}, "staging", application=OTHER)

    assert "cams:branch: is not a setting of exam-desk or of a plugin" in told.value.mistakes
    assert "secrets/0: `LOG_LEVEL` is no secret: it belongs into exam-desk:variables" in told.value.mistakes


def test_the_application_is_not_a_setting() -> None:
    """A stack file cannot say whose it is."""
    with pytest.raises(ConfigError) as told:
        parse({"cams:application": "exam-desk"}, "staging")

    assert "cams:application: is not a setting of cams or of a plugin" in told.value.mistakes


def test_names_are_one_value() -> None:
    """Of a stack, frozen, and equal to what is made of the same parts."""
    stack = from_file("staging", ROOT)

    assert stack.names == Names("cams", "staging", "123456789012")
    assert stack.names.bucket("media") == "cams-staging-media-123456789012"
    with pytest.raises(dataclasses.FrozenInstanceError):
        stack.names.environment = "prod"  # type: ignore[misc] # what the test is about


def test_a_database_user_is_an_sql_identifier() -> None:
    """Whatever the application is called."""
    assert Names("exam-desk", "dev", "1").database_user == "exam_desk_dev"
