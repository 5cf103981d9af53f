"""A stack file as Pulumi's engine reads it: its dialect of YAML (Go's yaml.v3), and what it passes to the program.

The engine hands each setting over as text: a number or a switch as JSON writes it, a list or a map as JSON. Every
reader of stack files goes through here, so that all of them see what the program sees.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml
from yaml.composer import Composer

from infra.errors import StackFileError
from infra.names import ProjectNames
from infra.yaml_scalars import Time, as_text, resolved

TAG = "tag:yaml.org,2002:"
PLAIN = "plain"  # neither quoted nor tagged: what it is, is to be found out
ENCRYPTED = "is encrypted; a stack file has no secrets: name it in {setting}, then ./slipway secret set ENV NAME"


@dataclass(frozen=True)
class Misread:
    """What is surely not meant so: a number that is not written as it is read, a setting given twice, a secret."""

    setting: str
    path: str
    why: str
    certain: bool = True  # else only where the program got what is written here

    def __str__(self) -> str:
        return f"{self.path}: {self.why}"


class _Loader(Composer, getattr(yaml, "CBaseLoader", yaml.BaseLoader)):  # type: ignore[misc] # libyaml, which yaml.v3 comes from
    def __init__(self, content: bytes) -> None:
        super(Composer, self).__init__(content)
        Composer.__init__(self)

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        if not self.check_event(yaml.AliasEvent):
            self.anchors.pop(self.peek_event().anchor, None)  # a name may be given again: the last one counts
        return super().compose_node(parent, index)

    def resolve(self, kind: type[yaml.Node], value: str, implicit: tuple[bool, bool]) -> Any:
        return PLAIN if kind is yaml.ScalarNode and implicit[0] else super().resolve(kind, value, implicit)


def passed(content: bytes, project: ProjectNames) -> tuple[dict[str, str], list[Misread]]:
    """The settings as the program gets them, and those that are surely not meant so.

    One that is written without a namespace is the project's.
    Raises `StackFileError` where the engine refuses the file.
    """
    reader = _Reader(project)
    if re.search(rb"^%YAML[ \t]+(?!1\.1\b)", content, re.MULTILINE):
        raise StackFileError("the engine refuses `%YAML` of another version than 1.1: leave it out")
    try:
        loader = _Loader(content.removeprefix(b"\xef\xbb\xbf"))
        node = loader.get_node() if loader.check_node() else None  # what follows the first document is not read
        whole = reader.value(node, ()) if node else None
    except (yaml.YAMLError, UnicodeError, RecursionError) as error:
        raise StackFileError(" ".join(str(error).split())) from error
    config = whole.get("config") if isinstance(whole, dict) else whole
    if not isinstance(config, dict | None):
        raise StackFileError("config: is required, with one setting a line")
    settings: dict[str, str] = {}
    for written, value in (config or {}).items():
        key = _key(written, project)
        if key in settings:  # the engine takes one or the other, by chance
            reader.misread_at((key,), f"is there twice; `{key.partition(':')[2]}` and `{key}` are one setting")
        if key.startswith(project.setting("")) and _holds_secret(value):
            reader.misread_at((key,), ENCRYPTED.format(setting=project.setting("secrets")))
        settings[key] = as_text(value)
    return settings, reader.misread


def decoded(value: str) -> Any:
    """A setting as the program understands it: lists and maps are JSON, all others text."""
    if not value.startswith(("{", "[")):
        return value
    try:
        return json.loads(value)
    except json.JSONDecodeError:
        return value


class _Reader:
    """Values from nodes."""

    def __init__(self, project: ProjectNames) -> None:
        self.misread: list[Misread] = []
        self._project = project
        self._open: list[yaml.Node] = []

    def misread_at(self, path: tuple[str, ...], why: str, *, certain: bool = True) -> None:
        setting = _key(path[0], self._project)
        shown = "/".join([setting.removeprefix(self._project.setting("")).replace(":", "/"), *path[1:]])
        self.misread.append(Misread(setting, shown, why, certain))

    def value(self, node: yaml.Node, path: tuple[str, ...]) -> Any:
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node, path)
        if node in self._open:
            raise StackFileError(f"{_where(node)}: an anchor contains itself")
        self._open.append(node)
        try:
            if isinstance(node, yaml.SequenceNode):
                return [self.value(item, (*path, str(number))) for number, item in enumerate(node.value)]
            return {key: self.value(item, (*path, key)) for key, item in self._pairs(node, path)}
        finally:
            self._open.pop()

    def _scalar(self, node: yaml.ScalarNode, path: tuple[str, ...]) -> Any:
        tag = node.tag.removeprefix(TAG)
        if tag == "binary":
            try:
                return base64.b64decode("".join(node.value.split()), validate=True).decode()
            except (binascii.Error, UnicodeError) as error:
                raise StackFileError(f"{_where(node)}: !!binary is no base64 of a text") from error
        if node.tag != PLAIN and tag not in {"bool", "float", "int", "null", "timestamp"}:
            return node.value
        value = resolved(node.value, dated=node.tag == PLAIN or tag == "timestamp")
        if node.tag != PLAIN:
            return _as_tagged(node, tag, value)
        read = value.text if isinstance(value, Time) else as_text(value)
        number = isinstance(value, int | float) and not isinstance(value, bool)
        in_setting = path[:1] == ("config",) and len(path) > 1
        if in_setting and (number or isinstance(value, Time)) and read != node.value:
            self.misread_at(path[1:], f"`{node.value}` is read as {read}; put it in quotes", certain=False)
        return read if isinstance(value, Time) else value

    def _pairs(self, node: yaml.Node, path: tuple[str, ...]) -> Iterator[tuple[str, yaml.Node]]:
        seen: dict[str, int] = {}
        merged: yaml.Node | None = None
        for key, item in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise StackFileError(f"{_where(key)}: a key has to be text")
            if key.value in seen:
                raise StackFileError(f"{_where(key)}: `{key.value}` is there already, in line {seen[key.value]}")
            seen[key.value] = key.start_mark.line + 1
            if key.value == "<<":
                merged = item
            else:
                name = self._scalar(key, ())
                if path == ("config",) and not isinstance(name, str):
                    raise StackFileError(f"{_where(key)}: `{key.value}` is no name of a setting")
                yield "<nil>" if name is None else as_text(name), item
        if merged is not None:
            for source in merged.value if isinstance(merged, yaml.SequenceNode) else [merged]:
                if not isinstance(source, yaml.MappingNode):
                    raise StackFileError(f"{_where(merged)}: `<<` takes a map or a list of maps")
                if source in self._open:
                    raise StackFileError(f"{_where(source)}: an anchor contains itself")
                for name, item in self._pairs(source, path):
                    if name not in seen:
                        seen[name] = 0
                        yield name, item


def _as_tagged(node: yaml.ScalarNode, tag: str, value: Any) -> Any:
    kinds = {"bool": bool, "float": float, "int": int, "null": type(None), "timestamp": Time}
    if tag == "float" and type(value) is int:
        value = float(value)
    if type(value) is not kinds[tag]:
        raise StackFileError(f"{_where(node)}: `{node.value}` is no {tag}")
    return value.text if isinstance(value, Time) else value


def _holds_secret(value: Any) -> bool:
    """Whether the engine would look for something encrypted in it."""
    if isinstance(value, dict):
        return (len(value) == 1 and isinstance(value.get("secure"), str)) or any(map(_holds_secret, value.values()))
    return isinstance(value, list) and any(map(_holds_secret, value))


def _key(written: str, project: ProjectNames) -> str:
    """`branch` is `project:branch`, and `project:config:branch` an old way to write it."""
    parts = written.split(":")
    if len(parts) > 2 and (len(parts) != 3 or parts[1] != "config"):
        raise StackFileError(f"`{written}` is no name of a setting: they are namespace:name")
    return f"{parts[0]}:{parts[-1]}" if len(parts) > 1 else project.setting(written)


def _where(node: yaml.Node) -> str:
    return f"line {node.start_mark.line + 1}"
