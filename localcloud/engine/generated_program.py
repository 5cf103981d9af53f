"""The program that `pulumi import` prints: what the engine writes in its own language (PCL), said in Python.

The engine writes blocks of attributes, each a literal or the name of another resource, and nothing else of PCL.
https://www.pulumi.com/docs/iac/concepts/pulumi-pcl/
"""

from __future__ import annotations

import json
import keyword
import pprint
import re
from collections.abc import Iterator
from typing import Any

_TOKEN = re.compile(r'\s*(?:("(?:[^"\\]|\\.)*")|(-?\d[\d.eE+-]*)|([A-Za-z_][\w-]*)|(.))', re.DOTALL)
_OURS = {
    "render": "from render_provider import resources as render",
    "registry": "from registry_provider import resources as registry",
}
_WIDTH = 100


class Code(str):
    """A piece of Python, as it stands."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


def python(pcl: str) -> str:
    """The same in Python. Raises `ValueError` for what the engine does not write for an import."""
    imports, statements = {"import pulumi"}, []
    for name, type_, attributes in Reader(pcl).resources():
        package, module, kind = type_.split(":")
        imports.add(_OURS.get(package, f"import pulumi_{package} as {package}"))
        folder = module.partition("/")[0]
        place = [package, *([] if folder == "index" else [folder]), kind]
        options = attributes.pop("options", {})
        words = [repr(attributes.pop("__logicalName", name))]
        words += [f"{_snake(each)}={_shown(value)}" for each, value in attributes.items()]
        if options:
            said = ", ".join(f"{_snake(each)}={_shown(value)}" for each, value in options.items())
            words.append(f"opts=pulumi.ResourceOptions({said})")
        lines = "".join(f"    {word},\n" for word in words)
        statements.append(f"{_variable(name)} = {'.'.join(place)}(\n{lines})\n")
    return "\n".join([*sorted(imports), "", *statements])


class Reader:
    """Reads the blocks of a text."""

    def __init__(self, text: str) -> None:
        self._tokens = [found.groups() for found in _TOKEN.finditer(text.rstrip())]
        self._at = 0

    def resources(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """The name, type and attributes of each; what packages are used follows from the types."""
        while self._at < len(self._tokens):
            kind, *labels = self._words()
            attributes = self._body()
            if kind == "resource":
                yield labels[0], labels[1], attributes

    def _words(self) -> list[str]:
        words = []
        while not self._is("{"):
            words.append(self._word())
        return words

    def _body(self) -> dict[str, Any]:
        """Attributes and blocks between braces; both may be parted by commas."""
        self._take("{")
        said: dict[str, Any] = {}
        while not self._is("}"):
            name = self._word()
            if self._is("{"):
                said[name] = self._body()
            else:
                self._take("=")
                said[name] = self._value()
            if self._is(","):
                self._take(",")
        self._take("}")
        return said

    def _value(self) -> Any:
        if self._is("{"):
            return self._body()
        if self._is("["):
            return self._list("[", "]")
        string, number, name, _ = self._next()
        if string is not None:
            return _text(string)
        if number is not None:
            return json.loads(number)
        if name is None:
            raise ValueError(f"a value was expected at token {self._at}")
        if self._is("("):
            said = ", ".join(map(repr, self._list("(", ")")))
            return Code(f"pulumi.Output.secret({said})" if name == "secret" else f"{_snake(name)}({said})")
        path = [_variable(name)]
        while self._is("."):
            self._take(".")
            path.append(_snake(self._word()))
        return {"true": True, "false": False, "null": None}.get(name, Code(".".join(path)))

    def _list(self, begin: str, end: str) -> list[Any]:
        self._take(begin)
        values = []
        while not self._is(end):
            values.append(self._value())
            if self._is(","):
                self._take(",")
        self._take(end)
        return values

    def _word(self) -> str:
        string, _, name, _ = self._next()
        if string is None and name is None:
            raise ValueError(f"a name was expected at token {self._at}")
        return _text(string) if string is not None else str(name)

    def _next(self) -> tuple[str | None, ...]:
        if self._at == len(self._tokens):
            raise ValueError("the text ends too early")
        self._at += 1
        return self._tokens[self._at - 1]

    def _is(self, mark: str) -> bool:
        return self._at < len(self._tokens) and self._tokens[self._at][3] == mark

    def _take(self, mark: str) -> None:
        if self._next()[3] != mark:
            raise ValueError(f"`{mark}` was expected at token {self._at}")


def _text(literal: str) -> str:
    """A literal without its escapes, those of templates included."""
    said: str = json.loads(literal)
    return said.replace("$${", "${").replace("%%{", "%{")


def _shown(value: Any) -> str:
    return pprint.pformat(value, width=_WIDTH, sort_dicts=False).replace("\n", "\n    ")


def _snake(name: str) -> str:
    """The SDK's name of a property."""
    return _variable(re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower())


def _variable(name: str) -> str:
    """A name that Python takes."""
    legal = re.sub(r"\W", "_", name)
    return f"{legal}_" if keyword.iskeyword(legal) else legal
