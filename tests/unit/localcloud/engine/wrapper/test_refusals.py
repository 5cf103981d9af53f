"""What cannot be done on the local cloud as it is meant is refused, and all else is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.wrapped import pulumi

REFUSED = {
    "config set --secret a b": "./slipway secret set staging NAME",
    "config set-all --secret a=b": "./slipway secret set staging NAME",
    'config set-all --json {"a":{"value":"b","secret":true}}': "./slipway secret set staging NAME",
    "config cp --dest dev": "pulumi config set KEY VALUE",
    "config refresh --force": "git diff Pulumi.staging.yaml",
    "config env add x": "edit Pulumi.staging.yaml",
    "config env rm x": "edit Pulumi.staging.yaml",
    "stack rename other": "git mv Pulumi.staging.yaml",
    "stack change-secrets-provider passphrase": "without the local cloud's variables",
    "stack migrate": "./slipway up staging",
    "destroy --remove": "pulumi destroy --stack staging && pulumi stack rm staging",
    "up -c web.instances=2 --config-path": "pulumi config set --path KEY VALUE --stack staging",
    "up --secrets-provider awskms://alias/x": "leave --secrets-provider out",
    "stack init dev --secrets-provider=awskms://alias/x": "leave --secrets-provider out",
    "stack init dev --copy-config-from staging": "copy Pulumi.staging.yaml",
    "do aws:s3:Bucket create": "declare the resource in infra/",
    "new python --force": "pulumi new --dir FOLDER",
}


@pytest.mark.parametrize("words", REFUSED)
def test_what_cannot_be_kept_is_refused_with_the_right_way(checkout: Path, words: str) -> None:
    """Exit code 2, and nothing was started."""
    named = {} if words.startswith("stack init") else {"PULUMI_STACK": "staging"}
    said = pulumi(checkout, *words.split(), variables=named)

    assert (said.returncode, said.stdout) == (2, ""), said
    error, _, hint = said.stderr.partition("\n\nhint: ")
    assert error.startswith("error: ")
    assert REFUSED[words] in hint
    assert not (checkout / ".local/state/commands").exists()


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (None, "it cannot be read: No such file or directory"),
        ("", "it is no plan, or not whole"),
        ('{"resourcePlans": {', "it is no plan, or not whole"),
        ("[]", "it is no plan, or not whole"),
        ('{"resourcePlans": {"urn:pulumi:dev::cams::a::b": {}}}', "it is of dev, not of staging"),
    ],
)
def test_a_plan_of_another_stack_or_half_of_one_is_refused(checkout: Path, content: str | None, why: str) -> None:
    """The CLI would say `unexpected EOF`, or that a secret cannot be decrypted."""
    if content is not None:
        (checkout / "infra/plan.json").write_text(content)

    said = pulumi(checkout, "-C", "infra", "up", "-s", "staging", "--plan", "plan.json")

    assert said.returncode == 2
    assert said.stderr == (
        f"error: the plan plan.json cannot be carried out: {why}\n\n"
        "hint: pulumi preview --stack staging --save-plan FILE\n"
    )


@pytest.mark.parametrize("setting", ["cams:a:\n    secure: v1:x:y", 'cams:a: {"secure": v1:x:y}', "a: [{secure: x}]"])
def test_an_encrypted_value_is_told_in_words(checkout: Path, setting: str) -> None:
    """The engine would say `illegal base64 data`, and not where."""
    file = checkout / "Pulumi.staging.yaml"
    file.write_text(f"{file.read_text()}  {setting}\n")

    said = pulumi(checkout, "preview", "-s", "staging")

    assert said.returncode == 2
    assert "error: Pulumi.staging.yaml cannot be used: it has an encrypted value (`secure:`)" in said.stderr
    assert said.stderr.endswith("then: ./slipway secret set staging NAME\n")


def test_a_comment_on_what_is_secure_is_no_value(checkout: Path) -> None:
    """Nor is a word that ends so."""
    file = checkout / "Pulumi.staging.yaml"
    file.write_text(f"{file.read_text()}  # secure: no\n  cams:insecure: x\n")

    assert pulumi(checkout, "preview", "-s", "staging").returncode == 0


def test_a_plan_of_this_stack_is_passed_on(checkout: Path) -> None:
    """Whichever resources are in it, also none."""
    (checkout / "plan.json").write_text('{"resourcePlans": {"urn:pulumi:staging::cams::a::b": {}}}')

    assert pulumi(checkout, "up", "-s", "staging", "--plan=plan.json").returncode == 0


def test_a_folder_for_a_plan_that_is_not_there_is_told_before_the_preview(checkout: Path) -> None:
    """The CLI finds out after all of it."""
    said = pulumi(checkout, "preview", "-s", "staging", "--save-plan", "absent/plan.json")

    assert said.returncode == 2
    assert f"error: no plan can be saved as absent/plan.json: there is no {checkout}/absent\n" in said.stderr


@pytest.mark.parametrize("command", ["up", "preview", "logs", "config", "config set a b", "stack select"])
def test_without_a_stack_nothing_is_done(checkout: Path, command: str) -> None:
    """The CLI would ask, and then write its salt into the checked-in file."""
    said = pulumi(checkout, *command.split())

    assert (said.returncode, said.stdout) == (2, "")
    assert "error: no stack is chosen: there are staging\n\nhint: pulumi " in said.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("config", "set", "--secret", "--help"),
        ("up", "https://example.com/template"),
        ("stack", "output", "url"),
        ("version",),
        ("plugin", "ls"),
        ("logs", "ls", "-s", "staging"),
        ("new", "--dir", "x", "--force"),
    ],
)
def test_what_has_to_do_with_no_stack_file_is_passed_on(checkout: Path, words: tuple[str, ...]) -> None:
    """As it is."""
    said = pulumi(checkout, *words)

    assert said.stdout == f"{checkout}|{' '.join(words)}\n"
