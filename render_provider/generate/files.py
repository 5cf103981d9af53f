"""All that is generated, as text: to be written, or to be compared with what is there."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from render_provider.generate import COMMAND, arguments, classes, reference, schema
from render_provider.provider import VERSION
from render_provider.provider.provider import SCHEMA
from render_provider.provider.resources import FUNCTIONS, RESOURCES

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "render_provider"
REFERENCE = ROOT / "docs/reference/render"
ORIGIN = f"Generated from render_provider/provider/resources/ by `{COMMAND}`: change those, not this."


def wanted() -> dict[Path, str]:
    """The files as they should be."""
    resources, functions = list(RESOURCES.values()), list(FUNCTIONS.values())
    pages = reference.pages(resources, functions)
    return {
        PACKAGE / "args.py": _formatted(f'"""{ORIGIN}\n\n{arguments.text(resources)}'),
        PACKAGE / "resources.py": _formatted(f'"""{ORIGIN}\n\n{classes.text(resources, functions)}'),
        SCHEMA: schema.text(ORIGIN, VERSION, RESOURCES, FUNCTIONS),
        **{REFERENCE / name: f"<!-- {ORIGIN} -->\n\n{page}\n" for name, page in pages.items()},
    }


def outdated() -> dict[Path, str | None]:
    """Those that are not so, as they should be; nothing stands for a page of what is no more."""
    files = wanted()
    changed = {path: text for path, text in files.items() if not path.exists() or path.read_text("utf-8") != text}
    return {**changed, **{page: None for page in REFERENCE.glob("*.md") if page not in files}}


def _formatted(source: str) -> str:
    """As ruff writes it, which the house's rules ask for."""
    command = [sys.executable, "-m", "ruff", "format", "--quiet", "--config", str(ROOT / "pyproject.toml"), "-"]
    return subprocess.run(command, input=source, stdout=subprocess.PIPE, text=True, check=True).stdout
