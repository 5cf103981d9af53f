"""The project that a command works on, and where its stack files are, as the CLI itself sees them."""

from __future__ import annotations

import hashlib
import json
import os
import re
from pathlib import Path

from localcloud.engine.wrapper.words import Words


class Project:
    """The project that a command works on, seen from its folder as the CLI sees it."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.folder = file.parent
        self.name = _name(file)

    @classmethod
    def of(cls, words: Words) -> Project | None:
        """The nearest project above the folder that a command runs in; None where there is none."""
        folder = working_folder(words)
        for above in (folder, *folder.parents):
            for ending in (".yaml", ".yml", ".json"):
                if (above / f"Pulumi{ending}").is_file():
                    return cls(above / f"Pulumi{ending}")
        return None

    def stack(self, words: Words, home: Path) -> str:
        """The stack that a command is about: named, or selected in this folder; empty when there is none."""
        named = words.value("stack") or os.environ.get("PULUMI_STACK", "")
        if not named:
            digest = hashlib.sha1(os.fsencode(self.file), usedforsecurity=False).hexdigest()
            selected = home / "workspaces" / f"{self.name}-{digest}-workspace.json"
            named = json.loads(selected.read_text()).get("stack") or "" if selected.exists() else ""
        return str(named).rpartition("/")[2]

    def stack_file(self, words: Words, stack: str) -> Path:
        """Where a stack's settings are kept."""
        given = words.value("config-file")
        return working_folder(words) / given if given else self.folder / f"Pulumi.{stack}.yaml"


def working_folder(words: Words) -> Path:
    """The folder that a command runs in, spelt as the CLI spells it: a shell's way through a link counts."""
    folder = Path.cwd() / words.value("cwd")
    shell = os.environ.get("PWD", "")
    if shell.startswith("/") and Path(shell).exists() and folder.exists() and Path(shell).samefile(folder):
        return Path(shell)
    return folder.resolve()


def _name(file: Path) -> str:
    line = re.search(r"^name:[ \t]*[\"']?([^\s\"'#]+)", file.read_text(errors="replace"), re.MULTILINE)
    return line[1] if line else ""
