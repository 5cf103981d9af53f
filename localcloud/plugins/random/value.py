"""What all random values share: made at creation, read from the state, forgotten at deletion."""

from __future__ import annotations

from abc import abstractmethod

from localcloud.plugins.fields import Field, mapping
from localcloud.plugins.resource import Resource
from pulumi_plugin.values import Values

KEEPERS: dict[str, Field] = {"keepers": mapping(replace=True)}
NO_ID = "none"  # the real plugin's id of what must not show in one


class RandomValue(Resource[None]):
    """A value that lives in the state alone."""

    @abstractmethod
    def make(self, inputs: Values) -> tuple[str, Values]:
        """The id and the outputs of a new value."""

    @abstractmethod
    def adopt(self, given: str) -> Values:
        """Inputs and outputs of a value that `pulumi import` names."""

    def create(self, cloud: None, inputs: Values) -> tuple[str, Values]:
        """Make it."""
        return self.make(inputs)

    def read(self, cloud: None, resource_id: str, inputs: Values) -> Values | None:
        """Nothing can have changed; without inputs it is an import."""
        return {} if inputs else self.adopt(resource_id)

    def delete(self, cloud: None, resource_id: str, state: Values) -> None:
        """The state forgets it."""


def too_few(name: str, inputs: Values) -> dict[str, str]:
    """What is wrong with a count that makes nothing."""
    count = inputs.get(name)
    return {name: "must be at least 1"} if isinstance(count, int) and count < 1 else {}
