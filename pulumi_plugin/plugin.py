"""What a plugin says to the engine: one method for each of its calls, on plain values."""

from __future__ import annotations

import json
import traceback
from abc import ABC, abstractmethod
from dataclasses import dataclass, field

import grpc

from pulumi_plugin.differences import Difference
from pulumi_plugin.values import Values

Failures = list[tuple[str, str]]
"""What is wrong with inputs: the property's path and the reason."""


@dataclass(frozen=True)
class Call:
    """One call about one resource; what the call does not carry is empty."""

    urn: str
    id: str = ""
    inputs: Values = field(default_factory=dict)
    """What the program asks for now, secrets opened."""
    marked: Values = field(default_factory=dict)
    """The same with its secrets as `Secret`."""
    old_inputs: Values = field(default_factory=dict)
    state: Values = field(default_factory=dict)
    preview: bool = False
    timeout: float = 0
    seed: bytes = b""

    @property
    def type_(self) -> str:
        """The type: the last one in `urn:pulumi:stack::project::parent$type::name`."""
        return self.urn.split("::", 3)[2].rpartition("$")[2]

    @property
    def name(self) -> str:
        """The name that the program gave it."""
        return self.urn.split("::", 3)[3]


class HalfDoneError(Exception):
    """The thing exists, but is not as it should be: the engine keeps it, and the next `up` mends it."""

    def __init__(self, key: str, properties: Values, reason: str, inputs: Values | None = None) -> None:
        super().__init__(reason)
        self.key = key
        self.properties = properties
        self.reason = reason
        self.inputs = inputs or {}


class Plugin(ABC):
    """A plugin. Calls come from many threads at once; an error that it raises is the engine's answer."""

    name: str
    version: str

    def schema(self) -> str:
        """What there is, as JSON, for code generation and `pulumi import`."""
        return json.dumps({"name": self.name, "version": self.version})

    def check_config(self, news: Values) -> Failures:
        """What is wrong with the provider's configuration."""
        return []

    @abstractmethod
    def configure(self, values: Values) -> None:
        """Take the provider's configuration as far as it is known; refuse what must not be used."""

    @abstractmethod
    def check(self, call: Call) -> tuple[Values, Failures]:
        """The inputs as they are to be kept, with their secrets marked, and what is wrong with them."""

    @abstractmethod
    def diff(self, call: Call) -> Difference:
        """What would change."""

    @abstractmethod
    def create(self, call: Call) -> tuple[str, Values]:
        """Make it: its id and state. In a preview the id is empty."""

    @abstractmethod
    def read(self, call: Call) -> tuple[str, Values, Values] | None:
        """The id, state and inputs as they are now; None when it is gone. Without old inputs it is an import."""

    @abstractmethod
    def update(self, call: Call) -> Values:
        """Bring it into the wanted form: its new state."""

    @abstractmethod
    def delete(self, call: Call) -> None:
        """Remove it; that it is gone already is a success."""

    @abstractmethod
    def invoke(self, function: str, args: Values) -> tuple[Values, Failures]:
        """Call a function."""

    def cancel(self) -> None:
        """End every wait, now and from now on."""
        return

    def warm_up(self) -> None:
        """Prepare for work while the engine is busy with other things."""
        return

    def explain(self, error: Exception) -> str:
        """An error as one clear text."""
        return str(error) or type(error).__name__

    def bug(self, error: Exception) -> str:
        """An error that nobody has foreseen, whole."""
        return f"a bug in the {self.name} provider:\n{''.join(traceback.format_exception(error))}"

    def code(self, error: Exception) -> grpc.StatusCode:
        """What the engine makes of it: after UNKNOWN and INTERNAL it does not know whether the thing was changed."""
        return grpc.StatusCode.UNKNOWN
