"""One environment's data in another's database, without the people in it: masked before anybody can see it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from console.errors import REFUSED, WRONG_USE, ExplainedError
from ops.backups import place as places
from ops.backups.place import Place
from ops.context import Context
from ops.migrations.look import application
from ops.restores import masks
from ops.restores.masks import Declared
from ops.restores.means import Means
from ops.restores.restoring import Restored, Wish, restore

PROD = "prod"  # nothing comes to where the real people are
STEPS = (
    "no e-mail leaves: outside prod EMAIL_MUTED is true unless somebody has set it, and addresses end in .invalid",
    "jobs that waited are left out: nothing is done a second time",
    "nobody is logged in, and no password of the original works: make a user by `manage.py createsuperuser`",
    "its own secrets, files and settings are as they were: only the database was cloned",
)


@dataclass(frozen=True)
class Cloned:
    """What became of it."""

    source: str
    restored: Restored
    masked: dict[str, int] = field(default_factory=dict)
    """Rows that were changed, by table; of one that was emptied, none are left."""
    notes: tuple[str, ...] = STEPS


def clone(context: Context, source: str, target: str, wish: Wish) -> Cloned:
    """The newest backup of `source`, or that one, masked, in place of the target's database."""
    require_direction(source, target)
    origin, place = places.of(context, source), places.of(context, target)
    return between(origin, place, wish, rules(place))


def between(origin: Place, place: Place, wish: Wish, declared: Declared) -> Cloned:
    """The same, of two places; where something is not declared, nothing has changed."""
    doors, masked = place.context.doors, dict[str, int]()

    def prepare(address: str) -> list[str]:
        place.context.output.say("masking personal data")
        unknown = masks.unknown(doors.masks.columns(address), declared)
        masked.update(masks.mask(doors.masks, address, declared))
        return [f"declared, and not in this backup: {', '.join(unknown)}"] if unknown else []

    means = Means(origin=origin, prepare=prepare, leaves_nothing=True)
    restored = restore(place, replace(wish, in_place=True), means)
    return Cloned(origin.environment, restored, masked)


def rules(place: Place) -> Declared:
    """What the application in this checkout says of personal data."""
    return masks.declared(application(place.context, place.stack).ask("personal"))


def require_direction(source: str, target: str) -> None:
    """Never to prod, and not onto itself."""
    if target == PROD:
        raise ExplainedError(
            "refused",
            f"{PROD} is never cloned to: its people's data would be replaced by {source}'s",
            hint=f"a backup of its own: ./slipway restore db {PROD}",
            code=REFUSED,
        )
    if source == target:
        raise ExplainedError(
            f"cannot clone {source} to itself",
            "its own backup is restored, unmasked, by another command",
            hint=f"./slipway restore db {source}",
            code=WRONG_USE,
        )
