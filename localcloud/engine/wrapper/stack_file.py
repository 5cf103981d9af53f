"""The stack file: the engine reads a copy, into which it may write its salt; what a command sets is kept in it."""

from __future__ import annotations

import hashlib
import os
import re
import sys
from collections.abc import Callable
from pathlib import Path

from localcloud.engine.wrapper.context import Context
from localcloud.engine.wrapper.words import Words

# Of real accounts, or of another machine: what they encrypt cannot be read here.
KEYS = re.compile(
    rb"""^(?:\xef\xbb\xbf)?["']?(?:secretsprovider|encryptedkey|encryptionsalt)["']?[ \t]*:.*\n?""", re.MULTILINE
)


def keep_settings(words: Words, context: Context, stack: str) -> None:
    """What `--config` sets is kept, as the CLI does: in the checked-in file."""
    settings = [one if "=" in one else f"{one}=" for one in words.all("config")]
    if settings:
        flags = ["--config-file", str(context.project.stack_file(words, stack))] if words.value("config-file") else []
        flags += [part for one in settings for part in ("--plaintext", one)]
        if code := context.run("config", "set-all", "--stack", stack, *flags, cwd=context.project.folder, show=True):
            sys.exit(code)


def with_copy(words: Words, context: Context, stack: str) -> Words:
    """The same command, reading a copy of the stack's file."""
    source = context.project.stack_file(words, stack)
    name = f"Pulumi.{stack}.yaml"
    if source != context.project.folder / name:
        name = f"{hashlib.sha256(os.fsencode(source)).hexdigest()[:12]}-{source.name}"
    folder = context.scratch_project()

    def extend(file: Path) -> None:
        # The real AWS plugin reaches a local S3 by no other way. Any YAML is the CLI's to read and to extend; what it
        # cannot read, the command itself will tell.
        setting = ("aws:s3UsePathStyle", "true")
        context.run("config", "set", "--stack", stack, "--config-file", str(file), *setting, cwd=folder)

    return words.with_option("config-file", str(_copy(source, folder.parent, name, extend)))


def _copy(source: Path, folder: Path, name: str, extend: Callable[[Path], None]) -> Path:
    """The copy of a stack file, made anew when that has changed; the CLI adds its salt there by itself.

    `extend` adds what the engine needs on this machine.
    """
    text = source.read_bytes() if source.exists() else b""
    target, copied = folder / name, folder / f"{name}.source"
    if not (target.exists() and copied.exists() and copied.read_bytes() == text):
        waiting = target.with_name(f"{os.getpid()}-{name}")
        waiting.write_bytes(KEYS.sub(b"", text))
        extend(waiting)
        waiting.replace(target)
        waiting = copied.with_name(f"{os.getpid()}-{copied.name}")
        waiting.write_bytes(text)
        waiting.replace(copied)
    return target
