"""What a resource of any plugin says of itself as data, in the same words."""

from __future__ import annotations

from abc import ABC
from typing import ClassVar


class Declared(ABC):
    """One kind of thing, as far as it is data."""

    type_: ClassVar[str]
    """Pulumi's type: `PACKAGE:MODULE:NAME`."""
    volatile: ClassVar[frozenset[str]] = frozenset()
    """Outputs that any update may change, so a preview does not know them."""
    replace_on: ClassVar[frozenset[str]] = frozenset()
    """Inputs that cannot be changed: another value needs a new thing."""
    secrets: ClassVar[frozenset[str]] = frozenset()
    """Inputs and outputs that are secret by nature, whatever the program says."""
