"""What is under way can be told to end."""

from __future__ import annotations

import pytest

from localcloud.render.runtime.processes.operations import Operations


def test_only_the_one_that_is_meant_is_told() -> None:
    """By service and operation; an unknown one is no error, and neither is one that has ended."""
    operations = Operations()

    with operations.begin("srv-a", "dep-1") as meant, operations.begin("srv-b", "dep-1") as other:
        told = [operations.cancel("srv-a", key) for key in ("dep-1", "dep-2")]
        seen = [meant.is_set(), other.is_set()]
    after = operations.cancel("srv-a", "dep-1")

    assert (told, seen, after) == ([True, False], [True, False], False)


@pytest.mark.parametrize(("service", "seen"), [("srv-a", [True, False]), (None, [True, True])])
def test_all_of_a_service_or_of_everybody_are_told(service: str | None, seen: list[bool]) -> None:
    """As for a service that is stopped, and for the end of the daemon."""
    operations = Operations()

    with operations.begin("srv-a", "dep-1") as first, operations.begin("srv-b", "job-1") as second:
        operations.cancel_all(service)

        assert [first.is_set(), second.is_set()] == seen
