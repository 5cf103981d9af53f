"""A backup as it is made is drilled to its end; what happens to it afterwards, the drill finds."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from infra.names import DRILL_METRIC
from ops.backups import keys
from ops.backups.create import create
from ops.backups.manifest import Manifest
from ops.backups.place import Place
from ops.context import Context, Doors
from ops.doors.cloud import Cloud
from ops.drills.real import Real
from ops.drills.report import Report
from ops.drills.running import Ran, run
from ops.drills.store import Reports
from ops.drills.verifying import verify
from ops.environments.stacks import load
from ops.media.backing_up import back_up, of
from ops.media.inventory import Column
from tests.contract.ops.drills.conftest import Ground
from tests.contract.ops.drills.conftest import run as execute
from tests.support.fake_objects import MemoryObjects
from tests.support.media_fakes import FakeBucket

DIGEST = f"sha256:{'b' * 64}"
NAMED = Column("uploads", "file")
UPLOADS = "CREATE TABLE uploads (file text); INSERT INTO uploads VALUES ('a.png'), ('b/ä.pdf')"


class CloudFake:
    """The vault's key and CloudWatch, of all AWS."""

    def __init__(self, identity: str) -> None:
        self.identity = identity
        self.metrics: list[tuple[str, float]] = []

    def client(self, service: str) -> Any:
        return SimpleNamespace(put_metric_data=self.put, get_secret_value=lambda **_: {"SecretString": self.identity})

    def put(self, Namespace: str, MetricData: list[Any]) -> None:  # noqa: N803 - as boto3 has it
        self.metrics += [(one["MetricName"], one["Value"]) for one in MetricData]


@dataclasses.dataclass
class World:
    """An environment with a bucket in memory, and a backup in it."""

    place: Place
    aws: CloudFake
    objects: MemoryObjects
    recovery: str
    made: Manifest

    def drill(self, key: Path | None = None) -> Ran:
        return run(self.place, Real(self.place, key_file=key))

    def report(self, backup: str = "") -> Report:
        return run(self.place, Real(self.place), backup).signed.report

    def part(self) -> str:
        return next(key for key in self.objects.stored if key.startswith("monthly/") and "manifest" not in key)


@pytest.fixture
def world(ground: Ground) -> Iterator[World]:
    """Each test has its own copy of the backup."""
    (identity, own), (recovery, other) = keys.generate(), keys.generate()
    url = ground.copy(UPLOADS)
    objects, aws, media = MemoryObjects(), CloudFake(identity), FakeBucket({"a.png": b"a", "b/ä.pdf": b"b"})
    doors = Doors(objects=lambda clients, name: objects, media_bucket=lambda clients, name: media)
    variables = {
        "SLIPWAY_JOB": "1", "DATABASE_URL": url, "BACKUP_RECIPIENTS": f"{own},{other}", "APP_VERSION": DIGEST,
    }  # fmt: skip
    cloud = Cloud(variables, is_local=True)
    place = Place(Context(doors), cloud, load("staging"), aws.client, objects)
    made = create(place)
    work = of(place, "")
    back_up(work, (NAMED,), None)
    yield World(place, aws, objects, recovery, made)
    ground.drop(url)


def test_a_backup_is_proven(world: World, tmp_path: Path) -> None:
    """By each of the keys that it is sealed for; the report is stored, signed, and shown beside the one before."""
    file = tmp_path / "recovery.key"
    keys.write(file, world.recovery, "recovery")

    first, second = world.drill(), world.drill(file)

    for one in (first, second):
        assert one.signed.report.findings == []
        assert one.signed.report.passed
    report = second.signed.report
    assert report.release is not None
    assert report.release.same
    assert report.opened is not None
    assert report.opened.by == "recovery"
    assert report.rto_seconds is not None
    assert report.rpo_seconds is not None
    assert world.aws.metrics[-2:] == [(DRILL_METRIC, 0), (DRILL_METRIC, 0)]
    reports = Reports(world.objects, "staging")
    stored = reports.get(first.signed.report.id)
    assert stored == first.signed
    assert b"<svg" in reports.page(report.id)
    assert verify(stored, lambda: keys.key(world.place.stack, world.place.clients)).holds
    recovery = keys.recipient(world.recovery)
    assert reports.last_opened(recovery) == {recovery: report.started}
    assert "file" in report.step("media").notes[0]


def flipped(world: World) -> None:
    """One bit of what is stored."""
    key = world.part()
    content = bytearray(world.objects.stored[key])
    content[len(content) // 2] ^= 1
    world.objects.stored[key] = bytes(content)


def cut(world: World) -> None:
    """The end is gone."""
    world.objects.stored[world.part()] = world.objects.stored[world.part()][:-100]


def without_manifest(world: World) -> None:
    """Nothing says that there is one."""
    world.objects.stored = {key: one for key, one in world.objects.stored.items() if "manifest" not in key}


def rows_changed(world: World) -> None:
    """The manifest says another number of rows, and its checksum is right."""
    key = next(key for key in world.objects.stored if key.endswith("manifest.json"))
    text = world.objects.stored[key].replace(
        b'"public.seat": {"kind": "table", "rows": 150', b'"public.seat": {"kind": "table", "rows": 151'
    )
    assert text != world.objects.stored[key]
    world.objects.stored[key] = Manifest.model_validate_json(text).stored()


def another_key(world: World) -> None:
    """The vault has one that it was not sealed for."""
    world.aws.identity = keys.generate()[0]


def media_bytes_gone(world: World) -> None:
    """Of one file in the copy."""
    del world.objects.stored[next(key for key in world.objects.stored if "/objects/" in key)]


@pytest.mark.parametrize(
    ("harm", "step", "said"),
    [
        (flipped, "restore", "damaged"),
        (cut, "backup", "bytes"),
        (without_manifest, "backup", "no backup"),
        (rows_changed, "contents", r"seat"),
        (another_key, "key", "it is sealed for age1"),
        (media_bytes_gone, "media", "the copy has lost 1 file"),
    ],
)
def test_what_became_of_it_is_found(world: World, harm: Callable[[World], None], step: str, said: str) -> None:
    """The alarm's metric says so."""
    harm(world)

    report = world.report()

    assert [one for one in report.findings if one.startswith(f"{step}: ") and said in one], report.findings
    assert world.aws.metrics[-1] == (DRILL_METRIC, 1)


def test_a_file_that_only_the_database_knows_is_found(world: World) -> None:
    """It was named before the backup was made, and the copy after it has it not."""
    execute(world.place.cloud.variables["DATABASE_URL"], "INSERT INTO uploads VALUES ('gone.png')")
    made = create(world.place)

    report = world.report(made.id)  # by its name, as both may be of one second

    assert [one for one in report.findings if "gone.png" in one] == report.findings != []


def test_a_newest_backup_that_is_cut_fails_the_drill_of_the_one_before(world: World) -> None:
    """Which is told to be good otherwise."""
    newest = max(world.made.id, create(world.place).id)  # both may be of one second
    key = next(key for key in world.objects.stored if newest in key and "manifest" not in key)
    world.objects.stored[key] = world.objects.stored[key][:-5]

    report = world.report()

    (finding,) = report.findings
    assert finding.startswith(f"backup: backup {newest} is not whole")
    assert report.backup is not None
    assert report.backup.id != newest
    assert report.rto_seconds is not None
