"""What a Dockerfile says about how its image is started.

The process runtime runs the files as they are: FROM, RUN, COPY, ADD, ARG and HEALTHCHECK are understood as far as the
start depends on them and not carried out. An instruction that is not known here is an error.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from posixpath import join, normpath

_NOT_CARRIED_OUT = ("RUN", "COPY", "ADD", "HEALTHCHECK")
_HEREDOC = re.compile(r"<<-?\s*([\"']?)(\w+)\1")
_VARIABLE = re.compile(r"\\(.)|\$(?:(\w+)|\{(\w+)(?:(:?[-+])([^}]*))?\})")


class DockerfileError(Exception):
    """What cannot be honoured."""


@dataclass(frozen=True)
class Start:
    """How the image of one stage is started."""

    env: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    ports: tuple[str, ...] = ()
    entrypoint: tuple[str, ...] = ()
    cmd: tuple[str, ...] = ()
    workdir: str = "/"
    user: str = ""

    @property
    def argv(self) -> tuple[str, ...]:
        """What a container of it runs."""
        return self.entrypoint + self.cmd


@dataclass
class _Stage:
    start: Start
    arguments: dict[str, str] = field(default_factory=dict)
    cmd_is_own: bool = False

    @property
    def variables(self) -> dict[str, str]:
        return {**self.arguments, **self.start.env}


def parse(text: str) -> Start:
    """The start of the last stage; stages inherit from stages of the same file."""
    stages, outer = dict[str, _Stage](), dict[str, str]()
    stage = None
    for number, word, rest in _instructions(text):
        if word == "ARG":
            names = _arguments(rest, {**outer, **(stage.variables if stage else {})}, outer)
            (stage.arguments if stage else outer).update({k: v for k, v in names.items() if v is not None})
        elif word == "FROM":
            stage = _begin(rest, outer, stages)
        elif stage is None:
            raise DockerfileError(f"line {number}: {word} stands before the first FROM")
        else:
            _apply(stage, number, word, rest)
    if stage is None:
        raise DockerfileError("there is no FROM")
    return stage.start


def bases(text: str, given: Mapping[str, str]) -> list[str]:
    """The images of elsewhere that its stages begin with, in their order; `given` are build arguments."""
    stages, outer, found = {"scratch"}, dict[str, str](), list[str]()
    for _, word, rest in _instructions(text):
        if word == "ARG" and not found:
            told = _arguments(rest, outer, outer)
            outer.update({name: given.get(name, value) for name, value in told.items() if value is not None})
        elif word == "FROM":
            image, *name = [part for part in _expand(rest, outer).split() if not part.startswith("--")]
            if image.lower() not in stages:
                found.append(image)
            stages.add(name[-1].lower() if name else "")
    return list(dict.fromkeys(found))


def _begin(rest: str, outer: Mapping[str, str], stages: dict[str, _Stage]) -> _Stage:
    words = [word for word in _expand(rest, outer).split() if not word.startswith("--")]
    parent = stages.get(words[0].lower()) if words else None
    stage = _Stage(parent.start if parent else Start())
    name = words[2].lower() if len(words) == 3 and words[1].upper() == "AS" else ""
    stages[name or f"#{len(stages)}"] = stage
    return stage


def _apply(stage: _Stage, number: int, word: str, rest: str) -> None:
    start, variables = stage.start, stage.variables
    if word in _NOT_CARRIED_OUT:
        return
    if word == "ENV":
        stage.start = replace(start, env={**start.env, **_pairs(rest, variables, number)})
    elif word == "LABEL":
        stage.start = replace(start, labels={**start.labels, **_pairs(rest, variables, number)})
    elif word == "WORKDIR":
        stage.start = replace(start, workdir=normpath(join(start.workdir, _expand(rest.strip("\"'"), variables))))
    elif word == "USER":
        stage.start = replace(start, user=_expand(rest, variables))
    elif word == "EXPOSE":
        ports = [port if "/" in port else f"{port}/tcp" for port in _expand(rest, variables).split()]
        stage.start = replace(start, ports=tuple(sorted({*start.ports, *ports})))
    elif word == "CMD":
        stage.start, stage.cmd_is_own = replace(start, cmd=_command(rest)), True
    elif word == "ENTRYPOINT":
        # As Docker does it: a stage's own entrypoint does not start the command that it inherited.
        cmd = start.cmd if stage.cmd_is_own else ()
        stage.start = replace(start, entrypoint=_command(rest), cmd=cmd)
    else:
        raise DockerfileError(f"line {number}: {word} is not supported by the local cloud")


def _instructions(text: str) -> Iterator[tuple[int, str, str]]:
    """Each instruction with its line number, continued lines joined, comments and here-documents left out."""
    lines = iter(enumerate(text.splitlines(), start=1))
    for number, line in lines:
        joined = line.strip()
        if not joined or joined.startswith("#"):
            continue
        while joined.endswith("\\"):
            _, following = next(lines, (0, ""))
            if not following.strip().startswith("#"):
                joined = f"{joined[:-1].rstrip()} {following.strip()}"
        word, _, rest = joined.partition(" ")
        if word.upper() in ("RUN", "COPY"):
            for _, end in _HEREDOC.findall(rest):
                for _, inner in lines:
                    if inner.strip() == end:
                        break
        yield number, word.upper(), rest.strip()


def _arguments(rest: str, variables: Mapping[str, str], outer: Mapping[str, str]) -> dict[str, str | None]:
    arguments: dict[str, str | None] = {}
    for word in shlex.split(rest):
        name, has_default, default = word.partition("=")
        arguments[name] = _expand(default, variables) if has_default else outer.get(name)
    return arguments


def _pairs(rest: str, variables: Mapping[str, str], number: int) -> dict[str, str]:
    """`A=1 B="2 3"`, or the old form `A 1`."""
    first = rest.split(None, 1)
    if "=" not in first[0]:
        if len(first) == 1:
            raise DockerfileError(f"line {number}: {first[0]} has no value")
        return {first[0]: _expand(first[1], variables)}
    words = (word.partition("=") for word in shlex.split(rest))
    return {name: _expand(value, variables) for name, _, value in words}


def _command(rest: str) -> tuple[str, ...]:
    """A JSON list is started as it is; a line of text by the shell."""
    if rest.startswith("["):
        try:
            words = json.loads(rest)
        except ValueError:
            words = None
        if isinstance(words, list) and all(isinstance(word, str) for word in words):
            return tuple(words)
    return ("/bin/sh", "-c", rest) if rest else ()


def _expand(text: str, variables: Mapping[str, str]) -> str:
    def value(match: re.Match[str]) -> str:
        escaped, bare, braced, operator, word = match.groups()
        if escaped:
            return str(escaped)
        current = variables.get(bare or braced)
        if operator and operator.endswith("-"):
            return current if current or (current is not None and operator == "-") else str(word)
        if operator:
            return str(word) if current else ""
        return current or ""

    return _VARIABLE.sub(value, text)
