"""Each seeded defect is found by the step that looks for it, and a good database has none."""

from __future__ import annotations

import re

import pytest

from tests.contract.ops.drills.cases import DEFECTS, Defect
from tests.contract.ops.drills.conftest import Ground


def test_a_good_database_has_no_findings(ground: Ground) -> None:
    """What cries wolf is switched off."""
    url = ground.copy()

    found = ground.found(url)

    assert [one for step in found.values() for one in step] == []
    ground.drop(url)


def test_there_are_more_than_fifty() -> None:
    """Each under a name of its own."""
    assert len({one.name for one in DEFECTS}) == len(DEFECTS) > 50


@pytest.mark.parametrize("defect", DEFECTS, ids=lambda one: one.name.replace(" ", "-"))
def test_a_defect_is_found(ground: Ground, defect: Defect) -> None:
    """By its step, in words that name what is wrong."""
    url = ground.copy(defect.statements)

    said = ground.found(url)[defect.step]

    assert [one for one in said if re.search(defect.said, one)], said
    ground.drop(url)
