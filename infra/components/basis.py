"""What an environment is declared from: its settings and its image. Registered before everything else."""

from __future__ import annotations

import pulumi

from infra.config import Stack


class Basis(pulumi.ComponentResource):
    """A plan that was saved for other settings or another image is refused here, before anything is changed.

    Later it would be refused by the first resource that differs, half-way, and the engine would print that resource's
    inputs with their secrets in clear (docs/adr/0023). In these there are none.
    """

    def __init__(self, name: str, stack: Stack, *, image: str | None) -> None:
        super().__init__("cams:index:Basis", name, {**stack.model_dump(mode="json"), "image": image})
        self.register_outputs({})

    async def accepted(self) -> None:
        """Wait for the engine's word."""
        await self.urn.future()
