"""A create that finds its own earlier work: the engine was killed, or the reply was lost."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from localcloud.plugins.aws import tags
from localcloud.plugins.aws.errors import code
from localcloud.plugins.aws.session import Aws
from localcloud.plugins.resource import Resource
from pulumi_plugin.values import Values


@contextmanager
def adopting(
    resource: Resource[Aws], cloud: Aws, resource_id: str, inputs: Values, *, taken: str, always: bool = False
) -> Iterator[None]:
    """Let a create succeed that AWS refuses as `taken`, when the thing of that name has exactly the wanted tags.

    It is brought into the wanted form. A stranger's stays as it is, and the refusal is raised, unless `always`.
    """
    try:
        yield
    except Exception as error:
        if code(error) != taken:
            raise
        actual = resource.read(cloud, resource_id, inputs)
        if actual is None or not (always or tags.equal(actual["tagsAll"], inputs)):
            raise
        resource.update(cloud, resource_id, inputs, set(resource.fields))
