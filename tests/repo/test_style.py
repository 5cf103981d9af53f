"""House rules on code that a program can check."""

from __future__ import annotations

import ast
import re

from tests.support.tracked import ROOT, comments, python_files, text, tracked, tree

# One noun, one file; what is longer is split, or its first line says why that would be worse.
LONGEST = {"localcloud/render/": 220, "": 250}  # the first that fits
REASON = re.compile(r'long because \w+|^"""Generated from ')
NAMES = {"dev", "staging", "prod", "develop", "main"}  # of environments and branches
IGNORES = re.compile(
    r"#\s*(type:\s*ignore|noqa|pragma)\b(?P<codes>(\[[\w, -]+\])?(:\s*[A-Z]+\d+(,\s*[A-Z]+\d+)*)?)(?P<rest>.*)"
)


def unreasoned(source: str) -> list[int]:
    """Lines with an ignore that has no code or no reason: `# noqa: S101 - why`, `# type: ignore[code] # why`."""
    if not IGNORES.search(source):
        return []
    found = []
    for number, comment in comments(source):
        match = IGNORES.search(comment)
        if match and (not match["codes"] or not re.search(r"[a-z]{2,}", match["rest"])):
            found.append(number)
    return found


def is_sentence(docstring: str | None) -> bool:
    """One line that begins with a capital letter, or with a name that has none, and ends with a stop."""
    if not docstring or "\n" in docstring or not docstring.endswith((".", "?")):
        return False
    first = docstring.split()[0]
    return not first.islower() or not first.isalpha() or first.rstrip(",") in NAMES


def first_sentence(source: str) -> str:
    """The first paragraph of a module's docstring, without the address that may end it."""
    found = re.match(r'r?"""(.+?)("""|\n\n)', source, re.DOTALL)
    return re.sub(r"\s+https://\S+$", "", found[1].rstrip()) if found else ""


def test_every_test_says_in_one_sentence_what_it_shows() -> None:
    """Its docstring is one line."""
    mute = [
        f"{path}:{node.lineno} {node.name}"
        for path in python_files("tests/")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.name.startswith("test_")
        and not is_sentence(ast.get_docstring(node, clean=False))
    ]

    assert mute == []


def test_every_ignored_rule_has_its_reason_on_the_line() -> None:
    """Whoever reads it wants to know whether it still holds."""
    found = [f"{path}:{number}" for path in python_files() for number in unreasoned(text(path))]

    assert found == []


def test_an_ignore_without_a_reason_is_seen() -> None:
    """Bare, or with a code alone; a text that mentions one is none."""
    source = (
        "a = 1  # noqa\nb = 1  # noqa: S101\nc = 1  # noqa: S101 - a test\nd = '# noqa'\ne = 1  # type: ignore[x]\n"
    )

    assert unreasoned(source) == [1, 2, 5]


def test_every_rule_switched_off_in_pyproject_has_its_reason_on_the_line() -> None:
    """For ruff and mypy alike."""
    lines = text("pyproject.toml").splitlines()
    codes = [line for line in lines if re.match(r'\s*("[A-Z]{1,4}\d*",|".*" = \[".*"\]|ignore_\w+ = )', line)]

    assert len(codes) >= 30
    assert [line for line in codes if not re.search(r"# \w+ \w+", line)] == []


def too_long(path: str, source: str) -> bool:
    """Whether a file has more lines than its folder's have, and no reason for it."""
    first, *rest = source.splitlines() or [""]
    longest = next(lines for folder, lines in LONGEST.items() if path.startswith(folder))
    return 1 + len(rest) > longest and not REASON.search(first)


def test_files_are_short() -> None:
    """A file with more lines than 250, or 220 in the local Render, is split, or has its reason on its first line."""
    assert [path for path in python_files() if too_long(path, text(path))] == [], "split them, or say why not"


def test_a_long_file_is_seen_and_a_reason_is_taken() -> None:
    """The reason stands on the first line, where it is read first."""
    lines = "\n".join(["x = 1"] * 251)

    assert too_long("ops/a.py", lines)
    assert not too_long("ops/a.py", lines.removesuffix("\nx = 1"))
    assert too_long("localcloud/render/a.py", "x = 1\n" * 221)
    assert not too_long("ops/a.py", f'"""A table; long because it is one."""\n{lines}')
    assert too_long("ops/a.py", f'"""A table."""\n# long because it is one\n{lines}')


def test_every_module_begins_with_a_sentence() -> None:
    """The first thing that a reader needs; an empty __init__.py says nothing."""
    mute = [
        path
        for path in python_files()
        if text(path).strip()
        and "/migrations/" not in path  # Django writes them
        and not first_sentence(text(path)).endswith((".", ":", "?"))
    ]

    assert mute == []


def test_every_package_at_the_top_says_what_it_is() -> None:
    """In its __init__.py."""
    packages = [path for path in tracked() if re.fullmatch(r"[^/]+/__init__\.py", path)]

    assert len(packages) >= 6
    assert [path for path in packages if not ast.get_docstring(tree(path))] == []


def test_nothing_is_swallowed_in_silence() -> None:
    """An `except` whose body is `pass` hides what went wrong, unless it says why that is nothing."""
    silent = [path for path in python_files() if re.search(r"^ *except\b.*:\n\s*pass\n", text(path), re.MULTILINE)]

    assert silent == []


def test_scripts_can_be_run() -> None:
    """What begins with #! is executable."""
    programs = [path for path in tracked() if text(path).startswith("#!")]

    assert "slipway" in programs
    assert [path for path in programs if not (ROOT / path).stat().st_mode & 0o100] == []


def test_no_hint_throws_data_away() -> None:
    """Whatever went wrong, what is stored may be all right: `reset` is for people who want it, told in the README."""
    ours = python_files("localcloud/", "ops/", "infra/", "render_provider/")
    advise = [path for path in ours if "slipway local reset" in text(path)]

    # They cannot read what another version has written.
    assert advise == ["localcloud/aws/state.py", "localcloud/render/api/store.py"]
