"""Policies inside of roles and users."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Set
from typing import Any, ClassVar

from localcloud.plugins.aws.errors import absent_is_fine, or_none
from localcloud.plugins.aws.session import Aws
from localcloud.plugins.aws.shapes import as_json
from localcloud.plugins.resource import Resource
from pulumi_plugin.values import Values


class InlinePolicy(Resource[Aws]):
    """Its id is `OWNER:NAME`; putting one of the same name again changes nothing."""

    owner: ClassVar[str]

    @abstractmethod
    def calls(self, iam: Any) -> tuple[Any, Any, Any]:
        """The calls that put, get and delete it."""

    def create(self, cloud: Aws, inputs: Values) -> tuple[str, Values]:
        """Put it."""
        resource_id = f"{inputs[self.owner]}:{inputs['name']}"
        self.update(cloud, resource_id, inputs, {"policy"})
        return resource_id, {}

    def read(self, cloud: Aws, resource_id: str, inputs: Values) -> Values | None:
        """As it is."""
        owner, name = resource_id.split(":", 1)
        answer = or_none(self.calls(cloud.client("iam"))[1], **self._which(resource_id))
        if answer is None:
            return None
        return {self.owner: owner, "name": name, "policy": as_json(answer["PolicyDocument"])}

    def update(self, cloud: Aws, resource_id: str, inputs: Values, changed: Set[str]) -> None:
        """Put it."""
        self.calls(cloud.client("iam"))[0](**self._which(resource_id), PolicyDocument=inputs["policy"])

    def delete(self, cloud: Aws, resource_id: str, state: Values) -> None:
        """Remove it."""
        with absent_is_fine():
            self.calls(cloud.client("iam"))[2](**self._which(resource_id))

    def _which(self, resource_id: str) -> dict[str, str]:
        owner, name = resource_id.split(":", 1)
        return {f"{self.owner.capitalize()}Name": owner, "PolicyName": name}
