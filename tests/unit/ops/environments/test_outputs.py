"""What an environment consists of, without what is secret."""

from __future__ import annotations

from typing import Any

from ops.environments.outputs import SECRET, shown

HIDDEN = {SECRET: "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "v1:abc"}


def resources(**outputs: Any) -> list[dict[str, Any]]:
    return [
        {"type": "pulumi:pulumi:Stack", "outputs": outputs},
        {"type": "pulumi:providers:aws"},
        {"type": "aws:kms/key:Key"},
    ]


def test_secrets_are_not_shown() -> None:
    """Neither bare nor inside of something, not even encrypted."""
    found, _ = shown(resources(url="http://x", database_url=HIDDEN, many=[HIDDEN], deep={"a": {"b": HIDDEN}}))

    assert found == {"url": "http://x"}


def test_outputs_come_sorted_with_pulumis_own_count_of_resources() -> None:
    """A provider is no resource of the environment."""
    assert shown(resources(url="u", branch="b")) == ({"branch": "b", "url": "u"}, 2)
    assert list(shown(resources(url="u", branch="b"))[0]) == ["branch", "url"]


def test_a_stack_that_was_never_up_has_nothing() -> None:
    """An exported state without resources."""
    assert shown([]) == ({}, 0)
