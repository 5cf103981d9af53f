"""What bringing an environment up asks of Pulumi, and what it says of how that went."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from io import StringIO
from typing import Any

import pytest

from console.errors import ExplainedError
from console.output import Output
from ops.context import Context, Doors
from ops.doors.cloud import Cloud
from ops.doors.programs import InterruptedRunError
from ops.doors.pulumi import Pulumi
from ops.doors.web import NOWHERE, Visit
from ops.environments.up import bring_up
from tests.support.parameter_fakes import Parameters

OUTPUTS = {"database": "cams-dev-db", "key": "not told", "url": "https://dev.example.org"}
STACK = {"type": "pulumi:pulumi:Stack", "id": "", "outputs": OUTPUTS}
REAL = Cloud({"RENDER_API_KEY": "rnd_x", "RENDER_OWNER_ID": "tea-1"}, is_local=False)


@dataclass(frozen=True)
class Ended(Pulumi):
    """A CLI whose `up` ends like that, and what it was asked."""

    code: int | None = 0
    asked: list[tuple[str, list[str], dict[str, str]]] = field(default_factory=list)

    def up(self, environment: str, options: Sequence[str], variables: Mapping[str, str]) -> int:
        """Without a code it was interrupted."""
        self.asked.append((environment, [*options], {**variables}))
        if self.code is None:
            raise InterruptedRunError
        return self.code

    def resources(self, environment: str) -> list[dict[str, Any]]:
        """The stack alone."""
        return [STACK]


PERSON = "arn:aws:iam::123456789012:user/somebody"
PIPELINE = "arn:aws:sts::123456789012:assumed-role/cams-dev-deploy/GitHubActions"


@dataclass(frozen=True)
class Asked:
    """AWS, which knows who asks."""

    arn: str

    def get_caller_identity(self) -> dict[str, str]:
        """Who asks."""
        return {"Arn": self.arn, "Account": "123456789012"}


def context(pulumi: Pulumi, *, status: int = 200, times: Iterator[float] | None = None, who: str = PERSON) -> Context:
    """Real clouds at which everything is there, and a public address that answers that."""
    doors = Doors(
        choose=lambda **_: REAL,
        aws=lambda *_: {"sts": Asked(who), "ssm": Parameters()}.__getitem__,
        pulumi=lambda cloud: pulumi,
        visit=lambda method, url: Visit(status, 0.01),
    )
    clock = times or iter((10.0, 19.51))
    return Context(doors, Output(stdout=StringIO(), stderr=StringIO()), lambda: next(clock))


def said(given: Context) -> str:
    assert isinstance(given.output.stderr, StringIO)
    return given.output.stderr.getvalue()


def test_an_environment_that_is_up_is_reported_with_its_url_first() -> None:
    """What most want to know, the number of resources, and how long it took."""
    given = context(Ended(REAL))

    report = bring_up(given, "dev")

    assert list(report.shown().items()) == [
        ("url", "https://dev.example.org"),
        ("database", "cams-dev-db"),
        ("resources", 1),
        ("seconds", 9.5),
    ]
    assert said(given) == "slipway: bringing up dev on Render workspace tea-1 and AWS\n"


@pytest.mark.parametrize(
    ("how", "options", "variables"),
    [
        ({}, [], {}),
        ({"yes": True}, ["--yes", "--skip-preview"], {}),
        ({"refresh": True}, ["--refresh"], {}),
        ({"recreate": ["cams-dev-db"]}, ["--refresh"], {"RENDER_RECREATE": "cams-dev-db"}),
    ],
    ids=["asking", "approved", "refreshing", "recreating"],
)
def test_pulumi_is_asked_for_what_the_user_asked_for(
    how: dict[str, Any], options: list[str], variables: dict[str, str]
) -> None:
    """On real clouds it asks before it changes anything, unless --yes is given."""
    pulumi = Ended(REAL)

    bring_up(context(pulumi), "dev", **how)

    assert pulumi.asked == [("dev", ["--suppress-outputs", *options], variables)]


@pytest.mark.parametrize(
    ("code", "told"),
    [
        (
            255,
            (
                "dev is not up: `pulumi up` ended with exit code 255, see above\n\n"
                "hint: what is done is kept; once the cause is mended: ./slipway up dev "
                "(with --refresh where something was changed or deleted at AWS)"
            ),
        ),
        (None, "dev is not up: interrupted\n\nhint: to go on from there: ./slipway up dev"),
    ],
)
def test_one_that_is_not_up_says_how_to_go_on(code: int | None, told: str) -> None:
    """What Pulumi said of it is on the screen already."""
    with pytest.raises(ExplainedError) as caught:
        bring_up(context(Ended(REAL, code=code)), "dev")

    assert str(caught.value) == told


@pytest.mark.parametrize(
    ("who", "told"),
    [
        (PIPELINE, True),
        (PERSON, False),
        (PIPELINE.replace("dev", "staging"), False),
    ],
)
def test_the_pipeline_is_told_what_a_person_does(who: str, told: bool) -> None:
    """AWS has refused the role something, perhaps: who may do it is said to this role alone."""
    with pytest.raises(ExplainedError) as caught:
        bring_up(context(Ended(REAL, code=255), who=who), "dev")

    hint = "a person applies it: ./slipway up dev, with their own credentials (docs/adr/0004)"
    assert (hint in str(caught.value)) is told


@pytest.mark.parametrize(
    ("status", "warning"),
    [
        (NOWHERE, "warning: https://dev.example.org does not answer: is the service suspended at Render?"),
        (
            503,
            (
                "warning: https://dev.example.org/api/health/ answers HTTP 503: "
                "is the service suspended or in maintenance, or its database?"
            ),
        ),
    ],
)
def test_a_warning_says_that_nobody_answers(status: int, warning: str) -> None:
    """Pulumi had nothing to do, and yet it does not work."""
    given = context(Ended(REAL), status=status)

    bring_up(given, "dev")

    assert said(given).splitlines()[-1] == f"slipway: {warning}"
