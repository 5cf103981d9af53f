"""`backup media --check`: whether the newest copy has the bytes of all its files, and all that the database names."""

from __future__ import annotations

from dataclasses import dataclass

from console.errors import ExplainedError
from console.output import counted
from ops.media import kept
from ops.media.backing_up import Media, compare
from ops.media.inventory import Column, Footer, Header
from ops.media.named import Missing, Names, declared
from ops.migrations.look import application

EXAMPLES = 20


@dataclass(frozen=True)
class Checked:
    """What was found."""

    header: Header
    footer: Footer
    lost: int
    examples: tuple[str, ...]
    missing: Missing | None

    @property
    def is_wrong(self) -> bool:
        return bool(self.lost or (self.missing and self.missing.count))

    def sentences(self) -> list[str]:
        """What is wrong, for people."""
        told = [f"{counted(self.lost, 'file')} lost from the copy, such as {self.examples[0]}"] if self.lost else []
        return told + (self.missing.sentences() if self.missing else [])


def check(media: Media, names: Names | None) -> Checked:
    """Reads no file: sizes by the target's own list, names by the database's."""
    inventory = media.own.get(media.own.pick())
    try:
        lost, examples = 0, list[str]()
        for key in kept.lost(media.store, inventory.entries(), f"{media.environment}/objects/"):
            lost += 1
            if len(examples) < EXAMPLES:
                examples.append(key)
        missing = compare(media, inventory, names) if names else None
        return Checked(inventory.header, inventory.footer, lost, tuple(examples), missing)
    finally:
        inventory.close()


def columns(media: Media) -> tuple[Column, ...]:
    """As the application's models say; where they cannot be asked, as the inventory before says: no copy waits."""
    context = media.place.context
    try:
        return declared(application(context, media.place.stack))
    except ExplainedError as error:
        context.output.say(f"{str(error).partition(chr(10))[0]}: going by the copy before")
        before = media.own.newest()
        if before is None:
            return ()
        before.close()
        return before.header.columns
