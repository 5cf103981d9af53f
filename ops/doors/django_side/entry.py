"""Where the application's `manage.py shell` comes in: one question, read as JSON from stdin, answered in a file."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ops.doors.django_side import apply, exercise, graph, made_up, media, personal


def statements(**about: Any) -> Any:
    """What looks at them is in a checkout alone: the ops image, which asks the other questions, does without."""
    from ops.doors.django_side import statements

    return statements.collect(**about)


QUESTIONS: dict[str, Callable[..., Any]] = {
    "graph": graph.describe,
    "statements": statements,
    "apply": apply.forwards,
    "from nothing": apply.from_nothing,
    "reverse": apply.backwards,
    "exercise": exercise.every_model,
    "fill": made_up.fill,
    "media": media.columns,
    "personal": personal.declared,
}


def main() -> None:
    """Answer, in the file that the question names: what the application prints is its own."""
    given: dict[str, Any] = json.load(sys.stdin)
    answer = QUESTIONS[given["question"]](**given["about"])
    Path(given["answer"]).write_text(json.dumps(answer))
