"""What cannot be done on the local cloud as it is meant is refused, and all else is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.localcloud.engine.wrapped import pulumi

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
    said = pulumi(checkout, *words.split(), **named)

    assert (said.returncode, said.stdout) == (2, ""), said
    error, _, hint = said.stderr.partition("\n\nhint: ")
    assert error.startswith("error: ")
    assert REFUSED[words] in hint
    assert not (checkout / ".local/state/commands").exists()


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
