"""What is shown of an environment and of two side by side."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from console.errors import WRONG_USE, ExplainedError
from infra.load import from_file
from infra.release import Migration, Release
from ops.commands.release import diff, show
from ops.commands.release import list as listing
from ops.context import Context
from ops.releases import difference, overview, passage
from ops.releases.audit import Event
from ops.releases.comparison import compare
from ops.releases.lock import Lock
from ops.releases.pending import Pending
from tests.support.released_fakes import NEW, OLD, Staging

WHEN = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)


def test_what_runs_and_who_has_locked_it_is_shown() -> None:
    """With the record and the last line of the audit; for people and for programs."""
    there = Staging()
    ours = passage.of(there.context(), "staging")
    ours.records.put(Release(digest=OLD, commit="c0ffee", event="promoted", by="octocat", at=WHEN, source="dev"))
    ours.locks.take(Lock(by="octocat", at=WHEN, why="exam until noon"))
    ours.note.write(Pending(before={}))
    ours.audit.note(Event(at=WHEN, by="octocat", what="up", before=NEW, after=OLD))

    found = overview.overview(ours)

    assert show.lines(found) == [
        ("environment", "staging"),
        ("release", OLD),
        ("", "promoted on 2026-11-26 09:00 UTC by octocat"),
        ("commit", "c0ffee"),
        ("tree", "not recorded"),
        ("from", "dev"),
        ("runs", "sha256:aaaaaaaaaaaa  cams-staging"),
        ("runs", "sha256:aaaaaaaaaaaa  cams-staging-worker"),
        ("runs", "sha256:aaaaaaaaaaaa  cams-staging-clearsessions"),
        ("lock", "locked by octocat since 2026-11-26 09:00 UTC: exam until noon"),
        ("gate", "NOT PASSED (releasing): ./slipway up staging goes on with it"),
        ("last", "[2026-11-26 09:00] [octocat] up sha256:bbbbbbbbbbbb → sha256:aaaaaaaaaaaa: done"),
    ]
    shown = found.shown()
    assert (shown["lock"]["why"], shown["gate"], shown["last"]["outcome"]) == ("exam until noon", "releasing", "done")
    assert set(shown["running"].values()) == {OLD}


def test_an_environment_without_releases_is_shown() -> None:
    """It runs what a checkout held."""
    found = overview.of(Staging().context(), "staging")

    assert ("release", "none was recorded: it runs what a checkout held, or its branch") in show.lines(found)
    assert (found.shown()["release"], found.shown()["lock"], found.shown()["gate"]) == (None, None, "passed")


def test_an_event_that_cannot_be_read_hides_no_other() -> None:
    """Who wrote what is told by AWS."""
    there = Staging()
    ours = passage.of(there.context(), "staging")
    ours.tell("locked", outcome="exam")
    there.ssm.put_parameter(Name="/cams/staging/audit", Value="nothing happened", Overwrite=True)

    newest, oldest = ours.audit.events()

    assert str(newest.event) == "[2026-11-26 12:02] [somebody] unreadable: nothing happened"
    assert (oldest.event.what, oldest.event.outcome) == ("locked", "exam")
    assert listing.event(oldest)["writer"] == "arn:aws:iam::123456789012:user/somebody"


def compared(context: Context, *, commits: tuple[list[str], list[str]] | None) -> Context:
    """With a git that knows these."""
    listed = iter(commits or ())

    def between(repository: Path, since: str, until: str) -> list[str] | None:
        return next(listed, None)

    return replace(context, doors=replace(context.doors, commits_between=between))


def test_two_environments_are_compared_by_what_they_mean() -> None:
    """Commits of both, migrations, settings and variables; what is each one's own is no difference."""
    there = Staging()
    for name, digest, more in (("staging", NEW, ("exams.0002",)), ("prod", OLD, ())):
        migrations = tuple(Migration(name=each) for each in ("exams.0001", *more))
        passage.of(there.context(), name).records.put(
            Release(digest=digest, commit=digest[7:14], migrations=migrations)
        )

    found = compare(compared(there.context(), commits=(["bbbbbbb Add seats"], [])), "staging", "prod")

    lines = diff.lines(found)
    assert lines[:5] == [
        "commits    staging bbbbbbb | prod aaaaaaa",
        "  only staging: bbbbbbb Add seats",
        "migrations",
        "  only staging: exams.0002",
        "configuration    staging | prod",
    ]
    assert "  web/instances: 1 | 2" in lines
    assert "  variables/LOG_LEVEL: INFO | WARNING" in lines
    assert [line for line in lines if "ENVIRONMENT" in line or "BUCKET" in line or "branch" in line] == []
    assert lines[-2:] == ["packages    staging | prod", "  no SBOM of one of them"]
    told = diff.shown(found)
    assert told["commits"] == {"staging": ["bbbbbbb Add seats"], "prod": []}
    assert told["migrations"] == {"staging": ["exams.0002"], "prod": []}
    assert told["configuration"]["web/instances"] == {"staging": "1", "prod": "2"}
    assert told["packages"] is None


def test_commits_that_git_does_not_have_are_told_so() -> None:
    """Where no record names a commit neither can be compared."""
    found = compare(compared(Staging().context(), commits=None), "staging", "prod")

    assert (found.commits, diff.lines(found)[1]) == (None, "  the same")
    assert diff.shown(found)["commits"] is None


def test_an_environment_is_not_compared_with_itself() -> None:
    """That is wrong use."""
    with pytest.raises(ExplainedError, match="cannot compare staging with itself") as told:
        compare(Staging().context(), "staging", "staging")

    assert told.value.code == WRONG_USE


def test_secrets_are_compared_by_their_names() -> None:
    """Nobody reads a value for it."""
    staging = from_file("staging")
    one = staging.model_copy(update={"secrets": ("SENTRY_DSN",)})

    assert difference.configuration(one, staging) == {"secrets/SENTRY_DSN": ("declared", "")}


def test_packages_that_differ_are_told_with_both_versions() -> None:
    """Of those that only one has, the other's is empty."""
    assert difference.differing({"django": "5.2.7", "ninja": "1.4"}, {"django": "5.2.8"}) == {
        "django": ("5.2.7", "5.2.8"),
        "ninja": ("1.4", ""),
    }
