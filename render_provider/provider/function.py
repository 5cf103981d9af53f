"""The shape that every question has which a program may ask of Render."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

from pulumi_plugin.values import Values
from render_provider.provider.resource import Inputs, Outputs
from render_provider.provider.task import Task


class Function(ABC):
    """A question. Its docstring is what programs and the reference say of it."""

    function: ClassVar[str]
    inputs: ClassVar[type[Inputs]]
    outputs: ClassVar[type[Outputs]]
    """The answer; programs get it as a value of this name."""

    @abstractmethod
    def call(self, task: Task, asked: Values) -> Values:
        """The answer now, by Render's names."""
