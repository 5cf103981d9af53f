"""The whole table of what AWS allows and refuses (`bench/aws_truth`), case by case."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bench.aws_truth.account import Account
from bench.aws_truth.case import Case
from bench.aws_truth.cases import parts
from tests.support.aws_daemon import Aws, running

TABLE = [(part, case) for part, cases in parts().items() for case in cases]
STILL = [pytest.param(case, id=f"{part}: {case.says}") for part, case in TABLE if not case.moves_clock]
MOVING = [pytest.param(case, id=f"{part}: {case.says}") for part, case in TABLE if case.moves_clock]


@pytest.fixture(scope="module")
def moving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Aws]:
    """The cloud of the cases that move its clock."""
    with running(tmp_path_factory.mktemp("moving")) as aws:
        yield aws


def test_no_two_cases_say_the_same() -> None:
    """A case is found again by what it says."""
    said = [f"{part}: {case.says}" for part, case in TABLE]
    assert sorted(set(said)) == sorted(said)


@pytest.mark.parametrize("case", STILL)
def test_the_local_aws_judges_as_aws_does(case: Case, aws: Aws) -> None:
    """The call is refused with AWS's code, or carried out."""
    assert case.judge(Account(aws)) == case.code


@pytest.mark.parametrize("case", MOVING)
def test_the_local_aws_judges_as_aws_does_at_another_time(case: Case, moving: Aws) -> None:
    """The call is refused with AWS's code, or carried out, in a cloud whose clock was moved."""
    assert case.judge(Account(moving)) == case.code
