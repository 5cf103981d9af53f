"""What a Dockerfile says about running an image; how it is built is not carried out."""

from __future__ import annotations

import json
import re
import shlex
from dataclasses import dataclass, field

from localcloud.render.runtime_protocol import RuntimeFailure


@dataclass
class Dockerfile:
    """The last stage's start command and environment."""

    entrypoint: tuple[str, ...] = ()
    command: tuple[str, ...] = ()
    workdir: str = "/"
    env: dict[str, str] = field(default_factory=dict)

    @property
    def start(self) -> tuple[str, ...]:
        """What a container of it runs."""
        return self.entrypoint + self.command


def parse(text: str) -> Dockerfile:
    """Read the instructions of the last stage; one stage may continue an earlier one by its name."""
    stages: dict[str, Dockerfile] = {}
    current: Dockerfile | None = None
    for instruction, rest in _instructions(text):
        if instruction == "FROM":
            base, _, name = (part.strip() for part in re.sub(r"--\S+\s+", "", rest).partition(" "))
            earlier = stages.get(base.lower())
            current = Dockerfile(**vars(earlier)) if earlier else Dockerfile()
            current.env = dict(current.env)
            stages[name.removeprefix("AS ").removeprefix("as ").strip().lower() or str(len(stages))] = current
        elif current is None:
            if instruction != "ARG":
                raise RuntimeFailure(f"the Dockerfile is not valid: {instruction} comes before FROM")
        elif instruction == "CMD":
            current.command = _exec(rest)
        elif instruction == "ENTRYPOINT":
            current.entrypoint, current.command = _exec(rest), ()
        elif instruction == "WORKDIR":
            current.workdir = rest if rest.startswith("/") else f"{current.workdir.rstrip('/')}/{rest}"
        elif instruction == "ENV":
            current.env.update(_pairs(rest))
    if current is None:
        raise RuntimeFailure("the Dockerfile is not valid: it has no FROM")
    current.env.pop("PATH", None)  # names folders inside the image
    return current


def _instructions(text: str) -> list[tuple[str, str]]:
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    joined = re.sub(r"\\\s*\n", " ", "\n".join(lines))
    found = []
    for line in joined.splitlines():
        word, _, rest = line.strip().partition(" ")
        if word:
            found.append((word.upper(), rest.strip()))
    return found


def _exec(rest: str) -> tuple[str, ...]:
    if rest.startswith("["):
        try:
            return tuple(str(part) for part in json.loads(rest))
        except ValueError:
            pass  # Docker, too, takes what is no JSON as a shell command
    return ("/bin/sh", "-c", rest)


def _pairs(rest: str) -> dict[str, str]:
    words = shlex.split(rest)
    if words and "=" not in words[0]:
        return {words[0]: rest.partition(" ")[2].strip()}
    return dict(word.partition("=")[::2] for word in words if "=" in word)
