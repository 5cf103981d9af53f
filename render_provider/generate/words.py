"""What is written into several kinds of file: docstrings, and names that programs call."""

from __future__ import annotations

import re
import textwrap

from render_provider.generate.models import Property, choices
from render_provider.provider.function import Function

WIDTH = 118
REVISION = "Changes with all that a running release only takes up when it is deployed: hand it to the `Deploy`s."


def docstring(*paragraphs: str) -> str:
    """A docstring of a class or an attribute, as wide as the house's lines are."""
    [first, *others] = [part.replace("\\", "\\\\") for part in paragraphs]
    if not others and len(first) <= WIDTH - len('    """"""'):
        return f'    """{first}"""'
    filled = (textwrap.fill(part, WIDTH - len('    """'), break_on_hyphens=False) for part in (first, *others))
    return textwrap.indent('"""' + "\n\n".join(filled) + '\n"""', "    ")


def meaning(prop: Property) -> str:
    """What a property means; its type in programs does not say which values there are."""
    values = [f"`{value}`" for value in choices(prop.kind)]
    return f"{prop.meaning} {', '.join(values[:-1])} or {values[-1]}." if values else prop.meaning


def function_name(function: Function) -> str:
    """`render:index:getProject` is `get_project` to programs."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", function.function.rpartition(":")[2]).lower()
