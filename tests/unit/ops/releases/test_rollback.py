"""The way back to a release of before: which one is meant, and what speaks against it."""

from __future__ import annotations

from datetime import UTC, datetime
from io import StringIO

import pytest

from console.errors import REFUSED, WRONG_USE, ExplainedError
from infra.load import from_file
from infra.release import Migration, Release
from ops.releases import passage, verify
from ops.releases.passage import Passage
from ops.releases.records import Entry, Records, crossed
from ops.releases.rollback import chosen, ready, require_digest, roll_back
from tests.support.released_fakes import NEW, OLD, Staging

STAGING = from_file("staging")
FIRST, SECOND, THIRD = (Release(digest="sha256:" + sign * 64) for sign in "123")
WHEN = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)


def history(*releases: Release) -> list[Entry]:
    """Of these, oldest first."""
    return [Entry(number, WHEN, "", one) for number, one in enumerate(releases, 1)][::-1]


@pytest.mark.parametrize(
    ("to", "target"),
    [
        (None, SECOND),
        ("1", FIRST),
        ("2", SECOND),
        (FIRST.digest, FIRST),
        ("sha256:1111111", FIRST),
        ("1111111", FIRST),
    ],
)
def test_a_release_is_named_by_its_number_or_digest(to: str | None, target: Release) -> None:
    """Without a name it is the one before."""
    assert chosen(history(FIRST, SECOND, THIRD), to, "staging").target == target


def test_twice_back_is_two_back() -> None:
    """And not to what was left a moment ago."""
    back = SECOND.again(instead_of=THIRD.digest, by="octocat", at=WHEN)

    assert chosen(history(FIRST, SECOND, THIRD, back), None, "staging").target == FIRST


def test_a_release_that_never_served_is_not_the_one_before() -> None:
    """One that the gate refused before it had traffic is stepped over, and can still be named."""
    refused, served = SECOND, {FIRST.digest, THIRD.digest}

    assert chosen(history(FIRST, refused, THIRD), None, "staging", served).target == FIRST
    assert chosen(history(FIRST, refused, THIRD), "2", "staging", served).target == refused


def test_what_the_gate_went_back_to_has_served() -> None:
    """Its own record says so, though no `up` of it ended well; what was left then is not gone back to."""
    back = FIRST.again(instead_of=SECOND.digest, by="the gate", at=WHEN)

    assert chosen(history(FIRST, SECOND, back, THIRD), None, "staging", {SECOND.digest}).target == back


def test_a_release_that_came_again_is_one_to_go_back_to() -> None:
    """It was left once, mended around, and released anew: then it is the one before."""
    back = FIRST.again(instead_of=SECOND.digest, by="octocat", at=WHEN)

    assert chosen(history(FIRST, SECOND, back, SECOND, THIRD), None, "staging").target == SECOND


def test_a_newest_record_that_cannot_be_read_wants_a_name() -> None:
    """What is released nobody knows, so nobody knows which was before it; the last that can be read can be named."""
    spoilt = [Entry(3, WHEN, "", None, "no JSON"), *history(FIRST, SECOND)]

    with pytest.raises(ExplainedError, match=r"number 3, .* cannot be read: no JSON") as told:
        chosen(spoilt, None, "staging")

    assert told.value.code == WRONG_USE
    assert (chosen(spoilt, "2", "staging").target, chosen(spoilt, "2", "staging").number) == (SECOND, 3)


def test_two_at_once_do_not_both_write(monkeypatch: pytest.MonkeyPatch) -> None:
    """While one is verified the other has recorded: it looks again."""
    staging = there()
    monkeypatch.setattr(verify, "release", lambda authority, wanted: ours(staging).records.put(Release(digest=OLD)))

    with pytest.raises(ExplainedError, match=r"^refused: another release of staging was recorded meanwhile"):
        roll_back(staging.context(), "staging", None, accepted=(), yes=True)

    assert len(staging.ssm.versions["/cams/staging/release"]) == 3


def test_a_record_without_migrations_is_said_to_tell_nothing() -> None:
    """Then nothing is refused, and somebody has to look."""
    staging = there()
    ours(staging).records.put(Release(digest="sha256:" + "c" * 64))
    passing = ours(staging)

    assert ready(passing, None, ()).target.digest == NEW

    said = passing.context.output.stderr
    assert isinstance(said, StringIO)
    assert "warning: no record says which migrations what is released has" in said.getvalue()


@pytest.mark.parametrize(
    ("releases", "to", "why"),
    [
        ((FIRST, SECOND), "²", "² is no release of staging"),
        ((), None, "nothing was released to staging yet"),
        ((FIRST, FIRST), None, "staging has had no other release"),
        ((FIRST, SECOND), "9", "9 is no release of staging"),
        ((FIRST, SECOND), "sha256:99", "sha256:99 is no release of staging"),
        ((FIRST, SECOND), "2", "sha256:222222222222 is what is released"),
    ],
)
def test_what_is_no_way_back_is_wrong_use(releases: tuple[Release, ...], to: str | None, why: str) -> None:
    """With the list of those that are."""
    with pytest.raises(ExplainedError) as told:
        chosen(history(*releases), to, "staging")

    assert told.value.code == WRONG_USE
    assert str(told.value) == f"cannot roll back: {why}\n\nhint: ./slipway release list staging"


def test_a_way_back_crosses_what_the_target_does_not_know() -> None:
    """And what nobody says that it can live with; a record without migrations says nothing."""
    known, good, bad, unknown = (
        Migration(name=f"exams.000{number}", reversible=reversible)
        for number, reversible in enumerate((None, True, False, None), 1)
    )
    old = Release(digest=OLD, migrations=(known,))
    new = Release(digest=NEW, migrations=(known, good, bad, unknown))

    assert crossed(new, old) == [bad, unknown]
    assert crossed(old, new) == []
    assert crossed(new, Release(digest=OLD)) == []


def there(*, reversible: bool | None = True, images: tuple[str, ...] = (OLD, NEW)) -> Staging:
    """An environment in which one release has followed another."""
    found = Staging(images={*images})
    found.render.up(NEW)
    records = Records(STAGING, found.ssm)
    records.put(Release(digest=OLD, commit="c0ffee", migrations=(Migration(name="exams.0001"),)))
    added = Migration(name="exams.0002", reversible=reversible)
    records.put(Release(digest=NEW, migrations=(Migration(name="exams.0001"), added)))
    return found


def ours(found: Staging, environment: str = "staging") -> Passage:
    return passage.of(found.context(), environment)


def test_a_release_of_before_is_ready_when_nothing_speaks_against_it() -> None:
    """Its image is there, and it can live with the database."""
    way = ready(ours(there()), None, ())

    assert (way.current.digest, way.target.digest) == (NEW, OLD)


def test_a_release_that_does_not_come_is_told() -> None:
    """By each service's digest, whatever Pulumi said."""
    found = there()

    with pytest.raises(ExplainedError, match=r"^staging does not run sha256:a{12}: cams-staging runs sha256:b{12}, "):
        require_digest(found.context(), ours(found), OLD)
    require_digest(found.context(), ours(found), NEW)


@pytest.mark.parametrize(
    ("reversible", "why"), [(False, "exams.0002 (it cannot)"), (None, "exams.0002 (nobody has looked)")]
)
def test_a_migration_in_the_way_is_named_and_the_way_forward_told(reversible: bool | None, why: str) -> None:
    """Exit code 3, and nothing is changed; who knows better says so by its name."""
    staging = there(reversible=reversible)

    with pytest.raises(ExplainedError) as told:
        ready(ours(staging), None, ())

    assert told.value.code == REFUSED
    assert str(told.value) == (
        f"refused: sha256:aaaaaaaaaaaa has to live with migrations that it does not know: {why}\n\n"
        "hint: the way forward: mend the code on top of what runs and release that; where you know that the older "
        "code lives with the database as it is: ./slipway release rollback staging --to sha256:aaaaaaaaaaaa "
        "--accept exams.0002"
    )
    assert ready(ours(staging), None, ["exams.0002"]).target.digest == OLD
    assert len(staging.ssm.versions["/cams/staging/release"]) == 2


def test_an_image_that_is_gone_is_refused() -> None:
    """Exit code 3, before the record is written."""
    staging = there(images=(NEW,))

    with pytest.raises(ExplainedError, match=f"^refused: the image {OLD} is no longer in cams-staging") as told:
        ready(ours(staging), None, ())

    assert told.value.code == REFUSED
    assert len(staging.ssm.versions["/cams/staging/release"]) == 2


def test_real_clouds_want_a_yes() -> None:
    """With the same command and --yes."""
    with pytest.raises(ExplainedError, match=r"hint: \./slipway release rollback staging --to 1 --yes$") as told:
        roll_back(there().context(), "staging", "1", accepted=(), yes=False)

    assert told.value.code == REFUSED


def test_an_environment_that_builds_its_branch_has_no_releases() -> None:
    """Its way back is git's."""
    with pytest.raises(ExplainedError, match=r"hint: git revert COMMIT, and push develop$"):
        ready(ours(Staging(), "dev"), None, ())
