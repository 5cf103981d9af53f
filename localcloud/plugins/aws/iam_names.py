"""What IAM's names, paths and descriptions may be: the same for roles, users and their policies."""

from __future__ import annotations

from localcloud.plugins.checks import Check, length, matches


def name(longest: int) -> tuple[Check, ...]:
    """The name of a thing of IAM."""
    return (length(1, longest), matches(r"[\w+=,.@-]*", "must match [\\w+=,.@-]"))


PATH: tuple[Check, ...] = (
    length(1, 512),
    matches(r"/|/[\x21-\x7e]+/", "must begin and end with a slash (/)"),
)
