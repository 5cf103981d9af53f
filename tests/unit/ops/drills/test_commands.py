"""`drill` and `drill report` as people and jobs type them."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from console.output import Output
from ops.__main__ import main
from ops.backups import keys
from ops.context import Context, Doors
from ops.doors.cloud import Cloud
from ops.drills.job import gathered
from ops.drills.signature import Signed, sign
from ops.drills.store import Reports
from ops.environments.stacks import load
from tests.support.drill_fakes import failed, report
from tests.support.fake_objects import MemoryObjects
from tests.support.github_fake import GitHubFake

STAGING = load("staging")


@dataclass
class Shell:
    """What a command said, what it told GitHub and CloudWatch, and the bucket."""

    identity: str
    variables: dict[str, str] = field(default_factory=dict)
    objects: MemoryObjects = field(default_factory=MemoryObjects)
    github: GitHubFake = field(default_factory=GitHubFake)
    out: io.StringIO = field(default_factory=io.StringIO)
    told: io.StringIO = field(default_factory=io.StringIO)
    metrics: list[float] = field(default_factory=list)

    def run(self, *words: str, **doors: Any) -> int:
        usual: dict[str, Any] = {
            "choose": lambda **_: Cloud(self.variables, is_local=True),
            "aws": lambda cloud, region: self.client,
            "objects": lambda clients, name: self.objects,
            "github": lambda: self.github,
        }
        return main(["drill", *words], Context(Doors(**usual | doors), Output(self.out, self.told)))

    def client(self, service: str) -> Any:
        return SimpleNamespace(
            get_caller_identity=lambda: {"Account": STAGING.aws.account},
            get_secret_value=lambda **_: {"SecretString": self.identity},
            put_metric_data=lambda MetricData, **_: self.metrics.append(MetricData[0]["Value"]),  # noqa: N803 - boto3's
        )

    def keep(self, signed: Signed) -> None:
        Reports(self.objects, "staging").put(signed)


@pytest.fixture
def shell() -> Shell:
    """With a key in the vault."""
    return Shell(keys.generate()[0])


def opened(shell: Shell, **said: Any) -> Signed:
    """A report that names the vault's key, signed by it."""
    told = report(**said)
    assert told.opened is not None
    opened_by = told.opened.model_copy(update={"recipient": keys.recipient(shell.identity)})
    return sign(told.model_copy(update={"opened": opened_by}), shell.identity)


def test_a_report_is_shown_and_verified(shell: Shell, tmp_path: Path) -> None:
    """The newest, for people; its page goes where it is wanted."""
    shell.keep(opened(shell))

    code = shell.run("report", "staging", "--page", str(tmp_path / "page.html"))

    assert code == 0
    assert "Signature: it holds, by the operational key age1" in shell.out.getvalue()
    assert (tmp_path / "page.html").read_text().startswith("<!doctype html>")


@pytest.mark.parametrize("form", ["--json", "--markdown", ""])
def test_a_failed_drill_is_told_by_the_exit_code(shell: Shell, form: str) -> None:
    """In each form."""
    shell.keep(opened(shell, steps=failed("a row is gone")))

    assert shell.run("report", "staging", "2026", *filter(None, [form])) == 1
    assert "a row is gone" in shell.out.getvalue()
    if form == "--json":
        assert json.loads(shell.out.getvalue())["verified"] is True


def test_a_report_that_was_changed_is_not_believed(shell: Shell) -> None:
    """Whoever could write to the bucket."""
    signed = opened(shell, steps=failed("a row is gone"))
    shell.keep(signed.model_copy(update={"report": report()}))

    assert shell.run("report", "staging") == 1
    assert "the report was changed after it was signed" in shell.out.getvalue()


def test_a_report_by_another_key_is_for_its_holder(shell: Shell, tmp_path: Path) -> None:
    """Who names that key verifies it; one that claims another key than it was signed with is false."""
    other = keys.generate()[0]
    shell.keep(opened(Shell(other)))
    file = tmp_path / "recovery.key"
    keys.write(file, other, "recovery")

    assert shell.run("report", "staging") == 1
    assert "--key FILE verifies it" in shell.out.getvalue()
    assert shell.run("report", "staging", "--key", str(file)) == 0
    shell.keep(sign(report(id="20261128T000000Z-000000"), shell.identity))
    assert shell.run("report", "staging") == 1
    assert "names another key than the one that signed it" in shell.out.getvalue()


@pytest.mark.parametrize(("words", "code"), [((), 1), (("2031",), 2)])
def test_a_report_that_is_not_there_is_told(
    shell: Shell, words: tuple[str, ...], code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """With what makes one."""
    assert shell.run("report", "staging", *words) == code
    assert "none has been made" in capsys.readouterr().err


def test_a_drill_without_a_backup_fails_and_is_told_everywhere(shell: Shell) -> None:
    """In the metric, in the bucket, in the issue, in the job's log."""
    shell.variables["SLIPWAY_JOB"] = "1"

    assert shell.run("staging", "--issue") == 1

    assert shell.metrics == [1]
    stored = Reports(shell.objects, "staging").get()
    assert "staging has no backup" in stored.report.findings[0]
    assert gathered(shell.out.getvalue().splitlines()) == stored
    assert "The restore drill of staging fails" in shell.github.made[0][2]["title"]


def test_a_drill_at_render_is_shown(shell: Shell) -> None:
    """As Markdown for the run's summary; where there is no job, the issue says so."""

    class Render:
        def pages(self, *_: Any, **__: Any) -> Iterator[Any]:
            yield from ()

    assert shell.run("staging", "--job", "--issue", "--markdown", render=lambda *_, **__: Render()) == 1
    assert "could not be run" in shell.github.made[0][2]["body"]


def test_the_workflow_is_started_on_each_branch(shell: Shell) -> None:
    """A role of an environment is for its own branch alone."""
    assert shell.run("--everywhere") == 0
    assert {path for _, path, _ in shell.github.made} == {"actions/workflows/restore-drill.yml/dispatches"}
    assert len(shell.github.made) == 3


@pytest.mark.parametrize("words", [["staging", "--everywhere"], ["run"], ["staging", "--job", "--key", "x"]])
def test_words_that_do_not_go_together_are_refused(shell: Shell, words: list[str]) -> None:
    """With an example."""
    assert shell.run(*words) == 2
