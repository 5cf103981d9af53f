"""Makes the front end from its sources: each asset under a name that carries its hash, the page naming those.

It is made at each start from the files in the image, so the same digest is the same pages. `python -m pages.build`
makes it and says what is wrong: it stops the build of an image that could not start.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cams.failures import StartError
from pages.file import File, hashed

SOURCES = Path(__file__).parents[1] / "frontend"
PAGE = "index.html"
ASSETS = "/assets/"
_NAMED = re.compile(r'(?:src|href)="([^"]*)"')
_ELSEWHERE = re.compile(r"[a-z]+:|//|#|/")  # what is not a file beside the page


@dataclass(frozen=True)
class FrontEnd:
    """What a release shows: its page, and the assets by name that the page asks for."""

    page: File
    assets: Mapping[str, File]


def build(sources: Path = SOURCES) -> FrontEnd:
    """All of it, or a `StartError`: a front end that is not whole is never served."""
    page, files = _read(sources)
    assets: dict[str, File] = {}
    for name, content in files.items():
        if f'"{name}"' not in page:
            raise _bad(f"{PAGE} does not use {name}")
        asset = hashed(name, content)
        assets[asset] = File.of(asset, content)
        page = page.replace(f'"{name}"', f'"{ASSETS}{asset}"')
    missing = [name for name in _NAMED.findall(page) if not _ELSEWHERE.match(name)]
    if missing:
        raise _bad(f"{PAGE} names {', '.join(missing)}, which is not there")
    return FrontEnd(File.of(PAGE, page.encode()), assets)


def _read(sources: Path) -> tuple[str, dict[str, bytes]]:
    """The page, and every other file. Folders are none of it."""
    try:
        found = sorted(path for path in sources.iterdir() if path.is_file() and not path.name.startswith("."))
        files = {path.name: path.read_bytes() for path in found}
        page = files.pop(PAGE, b"").decode()
    except (OSError, UnicodeDecodeError) as error:
        raise _bad(str(error)) from error
    empty = [name for name, content in {PAGE: page.encode(), **files}.items() if not content.strip()]
    if empty:
        raise _bad(f"{', '.join(empty)} is missing or empty")
    if not files:
        raise _bad(f"there is nothing beside {PAGE}")
    return page, files


def _bad(why: str) -> StartError:
    return StartError("cannot build the front end", why, f"mend {SOURCES.name}/; python -m pages.build tries it")


def main() -> int:
    """Say what it comes to: 0 done, 1 failed."""
    try:
        made = build()
    except StartError as error:
        print(error, file=sys.stderr)
        return 1
    for file in (made.page, *made.assets.values()):
        smallest = min(len(body) for body in (file.content, *file.compressed.values()))
        print(f"{file.name}: {len(file.content)} bytes, {smallest} compressed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
