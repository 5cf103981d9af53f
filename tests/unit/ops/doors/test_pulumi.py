"""What is asked of Pulumi's CLI where no file tells it: a program in its place notes how it is called."""

from __future__ import annotations

from pathlib import Path

import pytest

from console.errors import ExplainedError
from ops.doors.cloud import Cloud
from ops.doors.pulumi import Pulumi


def cli(folder: Path, says: str, code: int = 0) -> Pulumi:
    """One that prints that, whatever is asked."""
    program = folder / "pulumi"
    program.write_text(f"#!/bin/sh\necho \"$@\" >>{folder}/calls\ncat <<'END'\n{says}\nEND\nexit {code}\n")
    program.chmod(0o755)
    return Pulumi(Cloud({"PATH": f"{folder}:/usr/bin:/bin", "PULUMI_BACKEND_URL": "s3://state"}, is_local=False))


def calls(folder: Path) -> list[str]:
    """Each line of words that it got."""
    return (folder / "calls").read_text().splitlines()


def test_stacks_are_made_once_with_their_key(tmp_path: Path) -> None:
    """Of names as the backend writes them; one that is there is left as it is."""
    pulumi = cli(tmp_path, '[{"name": "organization/cams/pr-7"}, {"name": "prod"}]')

    assert pulumi.stacks() == ["pr-7", "prod"]
    pulumi.make_stack("pr-7", key="awskms://alias/k")
    pulumi.make_stack("pr-8", key="awskms://alias/k")

    assert calls(tmp_path)[-1] == "stack init pr-8 --no-select --secrets-provider awskms://alias/k"
    assert [line for line in calls(tmp_path) if "init" in line] == calls(tmp_path)[-1:]


def test_what_cannot_be_asked_or_removed_is_told(tmp_path: Path) -> None:
    """With the command, to be tried by hand."""
    pulumi = cli(tmp_path, "", code=1)

    with pytest.raises(ExplainedError, match="cannot list the stacks"):
        pulumi.stacks()
    with pytest.raises(ExplainedError, match=r"(?s)cannot remove the state of pr-7.*hint: pulumi stack rm pr-7"):
        pulumi.remove_stack("pr-7")
