"""What a promotion brings beside its commits: migrations, and settings of the environment that it is for."""

from __future__ import annotations

import re
from dataclasses import replace

from infra.application import APPLICATION
from ops.pipeline.checkout import Checkout
from ops.pipeline.preview import declared_at
from ops.pipeline.promotions import Step
from ops.releases.difference import settings

MIGRATION = re.compile(rf"{re.escape(APPLICATION.root)}/(?:.*/)?(\w+)/migrations/(\d\w*)\.py")


def told(step: Step, checkout: Checkout) -> Step:
    """The step with them, by what the two branches hold: no cloud is asked."""
    source, target = (f"refs/remotes/origin/{stack.branch}" for stack in (step.source, step.target))
    new = [MIGRATION.fullmatch(path) for path in checkout.added(step.source.branch, step.target.branch)]
    ends = [declared_at(checkout, revision, step.target.environment) for revision in (target, source)]
    before, after = ends
    return replace(
        step,
        migrations=tuple(sorted(f"{found[1]}.{found[2]}" for found in new if found)),
        settings=settings(before, after) if before and after else {},
    )
