"""The page for a static site: rendered of the template that the gateway fills in itself."""

from __future__ import annotations

import runpy
from html.parser import HTMLParser
from pathlib import Path
from shutil import copy

import pytest

from tests.support.checkout import ROOT

FOLDER = ROOT / "app" / "maintenance"
CONTACT = {
    "MAINTENANCE_CONTACT_EMAIL": "help@example.org",
    "MAINTENANCE_CONTACT_LABEL": 'The <exam> & "marks" office',
    "MAINTENANCE_CONTACT_LINK": "https://status.example.org/?a=1&b=2",
}


def page(folder: Path, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str]) -> str:
    """Built as Render does."""
    for name in ("build.py", "index.html"):
        copy(FOLDER / name, folder)
    for name in CONTACT:
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    runpy.run_path(str(folder / "build.py"), run_name="__main__")
    return (folder / "public" / "index.html").read_text()


class Links(HTMLParser):
    """What a page loads and leads to."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value or "" for name, value in attrs if name in ("href", "src")]


def links(text: str) -> list[str]:
    """All of a page."""
    parser = Links()
    parser.feed(text)
    return parser.found


def test_whom_to_contact_is_on_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As text, whatever signs it has."""
    text = page(tmp_path, monkeypatch, CONTACT)

    assert "Contact The &lt;exam&gt; &amp; &#34;marks&#34; office at" in text
    assert links(text)[1:] == ["mailto:help@example.org", CONTACT["MAINTENANCE_CONTACT_LINK"]]
    assert "{{" not in text


def test_nobody_to_contact_leaves_no_hole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No empty link, and nothing of the template."""
    text = page(tmp_path, monkeypatch, {})

    assert "Contact whoever gave you this address." in text
    assert "{{" not in text
    assert "mailto:" not in text


def test_the_page_loads_nothing_from_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is shown in place of every path, and whatever it asked for would be the page again."""
    text = page(tmp_path, monkeypatch, {})

    assert [link[:5] for link in links(text)] == ["data:"]
    assert "<script" not in text
    assert "@import" not in text


def test_the_page_says_its_language_and_fits_a_phone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What readers of screens and small ones need, and dark ones, too."""
    text = page(tmp_path, monkeypatch, {})

    assert '<html lang="en">' in text
    assert "width=device-width" in text
    assert "prefers-color-scheme: dark" in text
    assert text.count("<h1>") == text.count("<main>") == 1
