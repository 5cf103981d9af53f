"""The tags of IAM's things: one pair of calls for each kind, all alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from localcloud.plugins.aws import tags
from localcloud.plugins.resource import Values


def sync(
    current: Mapping[str, str], inputs: Values, tag: Callable[..., Any], untag: Callable[..., Any], **which: str
) -> None:
    """Bring the tags into the wanted form."""
    if removed := tags.to_remove(current, inputs):
        untag(**which, TagKeys=removed)
    if wanted := tags.as_list(inputs):
        tag(**which, Tags=wanted)
