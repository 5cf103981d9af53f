"""What an environment is declared from: settings, image, versions of secrets. Registered before everything else."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi

from infra.running import Running


class Basis(pulumi.ComponentResource):
    """A plan that was saved for others of these is refused here, before anything is changed.

    Later it would be refused by the first resource that differs, half-way, and the engine would print that resource's
    inputs with their secrets in clear (docs/adr/0023). In these there are none: of one's own secrets, the vault's
    number of each value.
    """

    def __init__(self, name: str, stack: Running, *, image: str | None, versions: Mapping[str, str]) -> None:
        inputs = {**stack.model_dump(mode="json"), "image": image, "secret_versions": dict(versions)}
        super().__init__(stack.names.component("Basis"), name, inputs)
        self.register_outputs({})

    async def accepted(self) -> None:
        """Wait for the engine's word."""
        await self.urn.future()
