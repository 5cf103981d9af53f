"""Render the page for a static site: `python3 build.py` writes public/index.html, with what the environment says.

The page is a template of Caddy's, which the gateway of Compose fills in itself; this knows as much of that language
as the page uses. It imports nothing that a build at Render may lack.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path

HERE = Path(__file__).parent
TAG = re.compile(r'\{\{(if env "(?P<if>\w+)"|else|end|env "(?P<value>\w+)" \| html)\}\}')
ESCAPED = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&#34;", "'": "&#39;"}


def rendered(template: str, variables: Mapping[str, str]) -> str:
    """The template with its variables, escaped, and of its branches those that apply."""
    shown, parts, end = [True], [], 0
    for tag in TAG.finditer(template):
        parts.append(template[end : tag.start()] if all(shown) else "")
        end = tag.end()
        if tag["if"]:
            shown.append(bool(variables.get(tag["if"])))
        elif tag["value"]:
            parts.append(_escaped(variables.get(tag["value"], "")) if all(shown) else "")
        elif tag[1] == "else":
            shown[-1] = not shown[-1]
        else:
            shown.pop()
    return "".join([*parts, template[end:]])


def _escaped(text: str) -> str:
    return "".join(ESCAPED.get(sign, sign) for sign in text)


def main() -> None:
    """Write it."""
    public = HERE / "public"
    public.mkdir(exist_ok=True)
    page = rendered((HERE / "index.html").read_text(encoding="utf-8"), os.environ)
    (public / "index.html").write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
