"""Assets of other releases: a page that is open somewhere asks for those that it was made with.

They are kept in the database, which all releases of an environment share: in the image they could not be without what
was built before it, and an image that is rolled back to would not know those of its successor.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import timedelta
from functools import lru_cache

from django.db import Error
from django.db.models import Max
from django.utils import timezone

from cams.database import reason
from cams.failures import StartError
from pages.file import File, fits, is_hashed
from pages.models import KeptAsset

logger = logging.getLogger("pages.kept")

RELEASES = 10  # the last ones are kept, and whatever was released
DAYS = 7  # within as many days
_IN_MEMORY = 64


class NotKeptError(StartError):
    """Pages of this release would lack their assets once another one answers."""


def keep(assets: Mapping[str, File]) -> None:
    """Remember the assets of this release as the newest ones, and forget those that nobody has open any more.

    Done before the release answers anybody, it lets the instances of the one before it answer for it, too. Where they
    are the newest already, as in each further instance, nothing is written.
    """
    try:
        _keep(assets)
    except Error as error:
        raise NotKeptError(
            "cannot keep the front end's assets for the next releases",
            reason(error),
            "see that the database can be written, and start again",
        ) from error


def _keep(assets: Mapping[str, File]) -> None:
    newest = KeptAsset.objects.aggregate(at=Max("released_at"))["at"]
    if KeptAsset.objects.filter(name__in=assets, released_at=newest).count() == len(assets):
        return
    now = timezone.now()
    KeptAsset.objects.bulk_create(
        # In one order, so that two that start together do not wait for each other.
        [KeptAsset(name=name, content=file.content, released_at=now) for name, file in sorted(assets.items())],
        update_conflicts=True,
        unique_fields=["name"],
        update_fields=["released_at"],
    )
    times = KeptAsset.objects.order_by("-released_at").values_list("released_at", flat=True).distinct()
    old = KeptAsset.objects.filter(released_at__lt=now - timedelta(days=DAYS)).exclude(
        released_at__in=list(times[:RELEASES])
    )
    forgotten, _ = old.delete()
    logger.info("kept %d assets of this release, forgot %d of old ones", len(assets), forgotten)


def find(name: str) -> File | None:
    """The asset of another release, if it is kept."""
    try:
        return _load(name) if is_hashed(name) else None
    except LookupError:
        return None


@lru_cache(maxsize=_IN_MEMORY)
def _load(name: str) -> File:
    """What was found stays so; what was not is asked for again, since another release may bring it."""
    content = KeptAsset.objects.filter(name=name).values_list("content", flat=True).first()
    if content is None:
        raise LookupError(name)
    if not fits(name, bytes(content)):
        logger.error("the kept asset %s is damaged", name)
        raise LookupError(name)
    return File.of(name, bytes(content))
