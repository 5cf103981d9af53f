"""Secret texts."""

from __future__ import annotations

from localcloud.plugins.random.index.random_string import RandomString, generate
from localcloud.plugins.random.value import NO_ID
from pulumi_plugin.values import Values


class RandomPassword(RandomString):
    """A secret text; its id says nothing."""

    type_ = "random:index/randomPassword:RandomPassword"
    secrets = frozenset({"result"})

    def make(self, inputs: Values) -> tuple[str, Values]:
        """The same, but not in the id."""
        return NO_ID, {"result": generate(inputs)}
