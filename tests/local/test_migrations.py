"""What is pending is rehearsed on a copy of what an environment holds, which stays as it is."""

from __future__ import annotations

import json

from tests.support.world import Environment, World

PENDING = """
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("exams", "0001_initial")]
    operations = [
        migrations.AddField("Exam", "seats", models.IntegerField(null=True)),
        migrations.RemoveField("Exam", "subject"),
    ]
"""


def test_a_migration_is_linted_and_rehearsed_before_it_is_released(world: World, staging: Environment) -> None:
    """The code that runs there misses its column in the copy, and goes on where it is."""
    path = world.checkout.folder / "app/exams/migrations/0002_seats.py"
    path.write_text(PENDING)
    try:
        linted = world.slipway("migrations", "lint", "--since", "HEAD", "--json")
        rehearsed = world.slipway("migrations", "rehearse", "staging", "--before", "HEAD", "--json")
    finally:
        path.unlink()

    assert (linted.returncode, rehearsed.returncode) == (1, 1), linted.stderr + rehearsed.stderr
    rules = {finding["rule"] for finding in json.loads(linted.stdout)["findings"]}
    assert rules == {"drop-column", "models-differ"}
    told = json.loads(rehearsed.stdout)
    assert [one["name"] for one in told["migrations"]] == ["exams.0002_seats"]
    (lock, *_) = told["migrations"][0]["locks"]
    assert (lock["table"], lock["mode"]) == ("exams_exam", "ACCESS EXCLUSIVE")
    assert {(one["rule"], one["what"]) for one in told["problems"]} >= {
        ("code-before", f"exams.Exam: {action}: column exams_exam.subject does not exist")
        for action in ("read", "insert", "update", "delete")
    }
    assert told["copy"]["rows"]["public.django_content_type"] >= 5
    assert staging.health()["migrations"] == []
