"""The engine comes from PATH, from an earlier set-up, from the official release, or from Go."""

from __future__ import annotations

import hashlib
import io
import platform
import tarfile
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from console import inherited
from console.errors import ExplainedError
from localcloud.engine import install

VERSION = install.VERSION
ARCHIVE = f"pulumi-v{VERSION}-linux-x64.tar.gz"


class Quiet(SimpleHTTPRequestHandler):
    """Serves files without telling."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def releases(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A place that releases are downloaded from, with nothing on PATH and nothing kept."""
    folder = tmp_path / "releases"
    folder.mkdir()
    server = ThreadingHTTPServer(("127.0.0.1", 0), lambda *a: Quiet(*a, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("SLIPWAY_PULUMI_DOWNLOADS", f"http://127.0.0.1:{server.server_address[1]}")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("SLIPWAY_ROOT", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setattr(platform, "system", lambda: "Linux")
    monkeypatch.setattr(platform, "machine", lambda: "x86_64")
    yield folder
    server.shutdown()
    server.server_close()


def script(path: Path, version: str = VERSION) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\necho v{version}\n")
    path.chmod(0o755)
    return path


def publish(folder: Path, checksum: str | None = None) -> None:
    with tarfile.open(folder / ARCHIVE, "w:gz") as tar:
        for name in ("pulumi", "pulumi-language-python"):
            body = f"#!/bin/sh\necho v{VERSION}\n".encode()
            member = tarfile.TarInfo(f"pulumi/{name}")
            member.size, member.mode = len(body), 0o755
            tar.addfile(member, io.BytesIO(body))
    real = hashlib.sha256((folder / ARCHIVE).read_bytes()).hexdigest()
    (folder / f"pulumi-{VERSION}-checksums.txt").write_text(f"{checksum or real}  {ARCHIVE}\n")


def test_a_pulumi_of_the_pinned_version_on_path_is_taken(releases: Path, tmp_path: Path) -> None:
    """Nothing is downloaded or built."""
    mine = script(tmp_path / "bin" / "pulumi")

    assert install.ensure(lambda _: None) == install.Engine(mine, official=False)


def test_a_pulumi_of_another_version_is_passed_over_for_the_official_release(releases: Path, tmp_path: Path) -> None:
    """The release is unpacked once and kept for the next time."""
    script(tmp_path / "bin" / "pulumi", "3.1.0")
    publish(releases)

    first = install.ensure(lambda _: None)
    (releases / ARCHIVE).unlink()

    assert first.official
    assert first.pulumi.read_text().startswith("#!/bin/sh")
    assert install.ensure(lambda _: None) == first


def test_a_release_that_does_not_match_its_checksum_is_refused(releases: Path, tmp_path: Path) -> None:
    """What was changed on its way is not run, and nothing of it is kept."""
    publish(releases, checksum="0" * 64)

    with pytest.raises(ExplainedError, match="does not match its published checksum"):
        install.ensure(lambda _: None)
    assert [path for path in (tmp_path / "cache").rglob("*") if path.is_file()] == []


def test_without_any_way_the_message_says_what_is_missing_and_how_to_get_it(releases: Path) -> None:
    """No pulumi, no release, no Go: one message."""
    with pytest.raises(ExplainedError) as caught:
        install.ensure(lambda _: None)

    assert str(caught.value) == (
        f"cannot get pulumi: there is no pulumi {VERSION} on PATH, it cannot be downloaded, "
        "and Go ≥ 1.25.11 is missing"
        f"\n\nhint: install Go 1.25.11 or later (https://go.dev/dl) or pulumi {VERSION} "
        "(https://www.pulumi.com/docs/install)"
    )


def test_an_old_go_is_named(releases: Path, tmp_path: Path) -> None:
    """The message says which Go was found."""
    go = tmp_path / "bin" / "go"
    go.parent.mkdir()
    go.write_text("#!/bin/sh\necho go1.21.0\n")
    go.chmod(0o755)

    with pytest.raises(ExplainedError, match=r"Go ≥ 1\.25\.11 is not what this is: go1.21.0"):
        install.ensure(lambda _: None)


def test_a_pulumi_that_does_not_know_its_user_is_passed_over(
    releases: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One built with C ends with `user: unknown userid` where there is no passwd entry; the official one does not."""
    mine = script(tmp_path / "bin" / "pulumi")
    mine.write_text(f'#!/bin/sh\n[ "$1" = whoami ] && exit 255\necho v{VERSION}\n')
    publish(releases)
    known = install.ensure(lambda _: None)
    monkeypatch.setattr(inherited, "name", lambda: None)

    unknown = install.ensure(lambda _: None)

    assert known.pulumi == mine
    assert unknown.official


def test_the_engine_is_built_for_this_machine_and_without_c(
    releases: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the shell builds for: another system, another workspace, another way to find modules."""
    go = tmp_path / "bin" / "go"
    go.parent.mkdir()
    go.write_text(
        '#!/bin/sh\n[ "$1" = build ] || { echo go1.26.0; exit; }\n'
        f'echo "$CGO_ENABLED-$GOOS-$GOFLAGS-$GOWORK-$GOPROXY" >{tmp_path}/said\n'
        f'printf \'#!/bin/sh\\necho v{VERSION}\\n\' >"$4"; /bin/chmod 755 "$4"\n'
    )
    go.chmod(0o755)
    for name, value in {"GOOS": "windows", "GOFLAGS": "-mod=vendor", "GOWORK": "/nope", "GOPROXY": "kept"}.items():
        monkeypatch.setenv(name, value)

    built = install.ensure(lambda _: None)

    assert (built.official, built.pulumi.name) == (False, "pulumi-built")
    assert (tmp_path / "said").read_text() == "0----kept\n"
