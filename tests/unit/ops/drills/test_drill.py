"""A drill goes all its steps, finds what is wrong in each, and signs what it tells."""

from __future__ import annotations

from typing import Any

import pytest

from infra.application import APPLICATION
from ops.drills import constraints, indexes
from ops.drills.report import Ran
from ops.drills.signature import is_sound, public
from tests.support.drill_fakes import DIGEST, GOOD, IDENTITY, Application, FakeMeans, drill

STEPS = [
    "backup", "server", "key", "restore", "contents", "indexes", "sequences", "constraints", "media", "release",
    "migrations", "boot",
]  # fmt: skip


def test_a_good_backup_passes_every_step() -> None:
    """With its RTO, which is restore and start, its RPO, and the key that opened it; signed by that key."""
    said: list[str] = []

    signed = drill(FakeMeans(), said).run()

    report = signed.report
    assert [step.name for step in report.steps] == STEPS
    assert report.findings == []
    assert report.passed
    assert report.rpo_seconds == 7_200
    assert report.rto_seconds is not None
    assert report.rto_seconds > report.step("restore").seconds > 0
    assert report.opened is not None
    assert report.opened.by == "operational"
    assert is_sound(signed)
    assert signed.signature is not None
    assert signed.signature.public == public(IDENTITY)
    assert len(said) == len(STEPS)


def test_what_one_step_finds_hides_no_other() -> None:
    """Each finding is told with its step."""
    means = FakeMeans(found=["public.a lacks 1 row"], missing=["a file is gone"])
    means.application = Application(statuses=GOOD | {"/admin/login/": 500})

    report = drill(means).run().report

    assert report.findings == [
        "contents: public.a lacks 1 row",
        "media: a file is gone",
        "boot: GET /admin/login/ answers HTTP 500 instead of 200: as it is",
    ]
    assert not report.passed
    assert report.rto_seconds is not None


def test_a_step_that_is_broken_off_lets_those_go_that_can() -> None:
    """Without the comparison with the manifest there are still sequences, constraints and the application."""
    report = drill(FakeMeans(fails={"differences": "connection lost"})).run().report

    assert report.findings == ["contents: connection lost"]
    assert [step.outcome for step in report.steps].count("passed") == len(STEPS) - 1


@pytest.mark.parametrize(
    ("broken", "step", "untried"),
    [
        ("backup", "backup", 11),
        ("opener", "key", 8),
        ("scratch", "server", 9),
        ("restore", "restore", 7),
        ("candidate", "release", 2),
    ],
)
def test_what_cannot_be_tried_is_told_as_such(broken: str, step: str, untried: int) -> None:
    """A drill in which something was not tried has not passed, and has no RTO."""
    report = drill(FakeMeans(fails={broken: "it is gone\n\nhint: look"})).run().report

    assert report.findings == [f"{step}: it is gone"]
    assert [one.outcome for one in report.steps].count("skipped") == untried
    assert report.rto_seconds is None
    assert not report.passed


def test_a_report_without_a_key_is_not_signed() -> None:
    """Nobody opened it."""
    signed = drill(FakeMeans(fails={"opener": "no key"})).run()

    assert signed.signature is None
    assert not is_sound(signed)


def test_a_release_that_never_serves_is_a_finding() -> None:
    """With what it said last."""
    report = drill(FakeMeans(application=Application(why_not="it ended with 1: no such table"))).run().report

    assert report.findings == ["boot: the release does not serve from it: it ended with 1: no such table"]
    assert report.rto_seconds is None


def test_another_release_that_had_to_do_is_told() -> None:
    """The reader must not believe that the manifest's ran."""
    ran = Ran(wanted=DIGEST, ran="0123456789ab", same=False, why="git knows no commit of it here")

    report = drill(FakeMeans(ran=ran)).run().report

    assert report.release == ran
    assert report.step("release").notes == (f"0123456789ab runs instead of {DIGEST}: git knows no commit of it here",)


def test_every_request_of_the_application_is_sent() -> None:
    """Those that are read, and those that are posted."""
    report = drill(FakeMeans()).run().report

    count = len(APPLICATION.smoke) + len(APPLICATION.posts) + 1
    assert report.step("boot").notes[0].endswith(f"{count} requests answered")


def test_a_newer_backup_that_is_not_whole_is_a_finding() -> None:
    """The one before is drilled all the same, to its end."""
    report = drill(FakeMeans(passed_by=["backup x is not whole"])).run().report

    assert report.findings == ["backup: backup x is not whole"]
    assert report.rto_seconds is not None


def test_amcheck_comes_once_the_contents_are_compared() -> None:
    """It is an extension, which the comparison would come upon."""
    gone: list[str] = []

    class Noting(FakeMeans):
        def differences(self, manifest: Any, url: str) -> list[str]:
            gone.append("contents")
            return super().differences(manifest, url)

        def refused(self, url: str, statement: str, parameters: Any = ()) -> str:
            gone.append(statement.partition(" ")[0])
            return "it does not fit" if parameters == [2] else ""

    trees = [(1, "a_key", "public.a"), (2, "b_key", "public.b"), (3, "c_key", "public.c")]
    report = drill(Noting(answers={indexes.AMCHECK: [(1,)], indexes.TREES: trees})).run().report

    assert gone == ["contents", "CREATE", "SELECT", "SELECT", "SELECT"]
    assert report.findings == ["indexes: the index b_key of public.b does not fit its table: it does not fit"]


def test_constraints_are_told_in_their_order_whoever_is_done_first() -> None:
    """They are asked over several connections."""
    counts = {"NOT (a > 0)": 2, "NOT (b > 0)": 0, "NOT (c > 0)": 1}

    def rows(url: str, query: str, parameters: Any = ()) -> list[tuple[Any, ...]]:
        if query == constraints.CHECKS:
            return [("ONLY public.t", f"{name}_check", f"{name} > 0") for name in "abc"]
        if query == constraints.UNIQUE:
            return [("public.t", "t_key", "true", ["a"], False)]
        if query == constraints.FOREIGN:
            return []
        return [(next((count for text, count in counts.items() if text in query), 1),)]

    assert constraints.broken(rows, "postgresql://here/there", jobs=3) == [
        "2 rows of public.t break the check a_check",
        "1 row of public.t break the check c_check",
        "1 key of public.t are there more than once, which t_key forbids",
    ]
