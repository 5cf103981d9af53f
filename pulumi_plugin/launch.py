"""How a module is started for the engine: as a copy of the process that has loaded it, where there is one."""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path

from pulumi_plugin import start
from pulumi_plugin.start import ADDRESS

START = Path(start.__file__)


def command(*words: str) -> list[str]:
    """What runs `python -u WORD...` from this process."""
    return (
        [sys.executable, "-I", "-S", str(START), *words] if ADDRESS in os.environ else [sys.executable, "-u", *words]
    )


def script(*words: str) -> str:
    """The last lines of a shell script that becomes `python -u WORD... "$@"`."""
    python, last = shlex.quote(sys.executable), f'{shlex.join(words)} "$@"'
    copied = f"exec {python} -I -S {shlex.quote(str(START))} {last}"
    return f'[ -z "${{{ADDRESS}:-}}" ] || {copied}\nexec {python} -u {last}\n'
