"""A plan that was saved is carried out as it is, or refused whole, and neither it nor a refusal shows a secret."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.checkout import Done
from tests.support.world import ENVIRONMENTS, SECRET, Environment, World, assert_nothing_to_do

# How every login begins that the local registry gives, in clear and as `docker` keeps it.
LOGIN = ("eyJrZXkiOiAi", "QVdTOmV5Sn")


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    """Where it is saved."""
    return tmp_path / "plan.json"


def save(environment: Environment, plan: Path) -> None:
    """`pulumi preview --save-plan`."""
    environment.world.pulumi("preview", "--stack", environment.name, "--save-plan", str(plan))


def apply(environment: Environment, plan: Path, *, check: bool = True) -> Done:
    """`pulumi up --plan`."""
    return environment.world.pulumi(
        "up", "--stack", environment.name, "--plan", str(plan), "--yes", "--skip-preview", check=check
    )


def set_secret(world: World, value: str) -> None:
    """`slipway secret set`, with the value from a pipe."""
    line = f"echo '{value}' | ./slipway secret set staging SENTRY_DSN"
    world.checkout.run("bash", "-c", line, environment=world.variables, check=True)


def secrets(environment: Environment) -> list[str]:
    """Every secret text of the state that is long enough to be one, and nowhere in clear."""
    plain = environment.export()
    found: set[str] = set()

    def walk(value: object, hidden: bool) -> None:
        if isinstance(value, dict):
            hidden = hidden or SECRET in value
            for inner in [json.loads(value["plaintext"])] if "plaintext" in value else value.values():
                walk(inner, hidden)
        elif isinstance(value, list):
            for inner in value:
                walk(inner, hidden)
        elif isinstance(value, str) and hidden and len(value) >= 16 and value not in plain:
            found.add(value)

    walk([[one.get("inputs"), one.get("outputs")] for one in environment.resources()], hidden=False)
    return sorted(found)


def test_slipway_does_what_was_saved_and_refuses_it_where_the_environment_has_changed(
    world: World, staging: Environment
) -> None:
    """Somebody has protected a resource since: its name is told, nothing is done, and no secret is anywhere."""
    topic = next(one["urn"] for one in staging.resources() if one["type"] == "aws:sns/topic:Topic")
    world.bare("./slipway preview staging --save .local/staging.plan")
    done = world.bare("./slipway up staging --plan .local/staging.plan")
    try:
        world.pulumi("state", "protect", "--stack", "staging", topic, "--yes")
        before = staging.export()

        refused = world.bare("./slipway up staging --plan .local/staging.plan", check=False)
        after = staging.export()
    finally:
        world.pulumi("state", "unprotect", "--stack", "staging", topic, "--yes")

    assert " unchanged" in done.stderr
    assert refused.returncode == 3, refused.output
    assert "since then these have changed:\n  resources that are changed: Topic alarms\n\nhint: " in refused.stderr
    assert after == before
    plan = world.checkout.folder / ".local/staging.plan"
    told = {"plan": plan.read_text(), "refusal": refused.output}
    assert [(where, one[:4]) for where, text in told.items() for one in secrets(staging) if one in text] == []


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_a_plan_of_every_stack_can_be_carried_out(
    environments: dict[str, Environment], plan: Path, name: str
) -> None:
    """Nothing that is declared differs from run to run. First runs by plan: `world.py` and `test_destroy.py`."""
    save(environments[name], plan)

    done = apply(environments[name], plan)

    assert " unchanged" in done.stdout
    assert not any(word in done.stdout for word in (" created", " updated", " replaced", " deleted"))


def test_a_plan_brings_an_edit_and_then_an_image_that_is_gone(world: World, staging: Environment, plan: Path) -> None:
    """Its digest is not known to either plan. The same image again starts no deploy."""
    before = staging.health()["version"]
    file = world.checkout.folder / "app/cams/health.py"
    text = file.read_text()
    try:
        file.write_text(f"{text}# edited\n")
        save(staging, plan)
        apply(staging, plan)
        edited = staging.health()["version"]
        world.aws("ecr").batch_delete_image(repositoryName="cams-staging", imageIds=[{"imageDigest": edited}])
        save(staging, plan)

        again = apply(staging, plan)

        assert edited not in (before, "")
        assert "registry:index:Image image updated" in again.stdout
        assert "~ 1 updated" in again.stdout
        assert staging.health()["version"] == edited
        assert_nothing_to_do(staging)
    finally:
        file.write_text(text)
        world.slipway_up("staging")


def test_a_plan_for_another_secret_of_ones_own_is_refused_whole_and_shows_none(
    world: World, staging: Environment, plan: Path
) -> None:
    """It was set anew after the preview: the engine would print the whole env group, one step further."""
    file = world.checkout.folder / "Pulumi.staging.yaml"
    text = file.read_text()
    try:
        file.write_text(text.replace("  cams:web:", "  cams:secrets: [SENTRY_DSN]\n  cams:web:"))
        set_secret(world, "https://first@sentry.example/1")
        world.slipway_up("staging")
        save(staging, plan)
        set_secret(world, "https://second@sentry.example/1")

        refused = apply(staging, plan, check=False)
        hidden = secrets(staging)
    finally:
        file.write_text(text)
        world.slipway_up("staging")
        remove = ("./slipway", "secret", "remove", "staging", "SENTRY_DSN")
        world.checkout.run(*remove, environment=world.variables, check=True)

    said = refused.output
    assert refused.returncode != 0
    assert "cams:index:Basis::basis violates plan: properties changed: " in said
    assert "1 errored" in said
    assert not any(word in said for word in (" created", " updated", " replaced", " deleted"))
    assert "https://first@sentry.example/1" in hidden
    assert [one[:4] for one in (*hidden, "https://second@sentry.example/1") if one in said] == []


def test_a_plan_of_another_program_is_refused_and_shows_no_secret(
    world: World, staging: Environment, plan: Path
) -> None:
    """Of another commit, which tells the services something else: the image that has the program is refused first."""
    save(staging, plan)
    file = world.checkout.folder / "infra/application.py"
    text = file.read_text()
    try:
        file.write_text(text.replace('"LOG_LEVEL": "INFO"', '"LOG_LEVEL": "DEBUG"'))

        refused = apply(staging, plan, check=False)
    finally:
        file.write_text(text)

    said = refused.output
    assert refused.returncode != 0
    assert "registry:index:Image::ops-image violates plan: properties changed: =~tag[" in said
    assert "1 errored" in said
    assert not any(word in said for word in (" created", " updated", " replaced", " deleted"))
    assert [one[:4] for one in secrets(staging) if one in said] == []


def test_a_plan_for_other_settings_is_refused_whole_and_shows_no_secret(
    world: World, staging: Environment, plan: Path
) -> None:
    """A variable was changed after the preview: the refusal names it, and nothing else is reached."""
    save(staging, plan)
    state = staging.export()
    file = world.checkout.folder / "Pulumi.staging.yaml"
    text = file.read_text()
    try:
        file.write_text(text.replace("  cams:web:", "  cams:variables:\n    LOG_LEVEL: debug\n  cams:web:"))

        refused = apply(staging, plan, check=False)
    finally:
        file.write_text(text)

    said = refused.output
    assert refused.returncode != 0
    assert "cams:index:Basis::basis violates plan: properties changed: " in said
    assert "variables[" in said
    assert "LOG_LEVEL:{debug}" in said
    assert "1 errored" in said
    assert not any(word in said for word in (" created", " updated", " replaced", " deleted"))
    hidden = secrets(staging)
    assert len(hidden) >= 6
    told = {"plan": plan.read_text(), "refusal": said, "state": state}
    assert [(where, one[:4]) for where, text in told.items() for one in (*hidden, *LOGIN) if one in text] == []
