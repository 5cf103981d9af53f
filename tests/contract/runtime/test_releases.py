"""Releases of the local Render runtime: images pulled from a registry, and builds from commits."""

from __future__ import annotations

import base64
import gzip
import hashlib
import http.server
import io
import json
import os
import subprocess
import tarfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from localcloud.machine import paths
from localcloud.render.runtime.create import create
from localcloud.render.runtime.failures import RuntimeFailure
from localcloud.render.runtime.protocols import Runtime
from localcloud.render.runtime.values import Build, Credential, Release

KEYS = Credential("AWS_ECR", "AKIATEST", "secret-key")
MANIFEST = "application/vnd.oci.image.manifest.v1+json"


class Registry(http.server.ThreadingHTTPServer):
    """A registry with basic authentication, and the ECR call that gives its password."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.content: dict[str, bytes] = {}
        self.asked: list[str] = []

    @property
    def host(self) -> str:
        """Where it is."""
        return f"127.0.0.1:{self.server_address[1]}"

    def push(self, layer: dict[str, bytes], *, labels: dict[str, str] | None = None, machine: str = "amd64") -> str:
        """Put an image with one layer there; return its path by digest."""
        packed = io.BytesIO()
        with tarfile.open(fileobj=packed, mode="w") as tar:
            for name, content in layer.items():
                info = tarfile.TarInfo(name)
                info.size = len(content)
                tar.addfile(info, io.BytesIO(content))
        config = {
            "Entrypoint": ["python"],
            "Cmd": ["start.py", "web"],
            "WorkingDir": "/app",
            "Env": ["A=1", "PATH=/usr/local/bin"],
            "Labels": {"dev.slipway.source-image": "1"} if labels is None else labels,
        }
        manifest = {
            "mediaType": MANIFEST,
            "config": {
                "digest": self._blob(json.dumps({"os": "linux", "architecture": machine, "config": config}).encode())
            },
            "layers": [{"digest": self._blob(gzip.compress(packed.getvalue(), mtime=0))}],
        }
        return self._manifest(manifest)

    def index(self, images: dict[str, str]) -> str:
        """Put an index there, of images by their platforms; return its path by digest."""
        listed = [
            {
                "digest": image.partition("@")[2],
                "platform": dict(zip(("os", "architecture"), name.split("/"), strict=True)),
            }
            for name, image in images.items()
        ]
        return self._manifest({"mediaType": "application/vnd.oci.image.index.v1+json", "manifests": listed})

    def _manifest(self, manifest: dict[str, Any]) -> str:
        content = json.dumps(manifest).encode()
        digest = f"sha256:{hashlib.sha256(content).hexdigest()}"
        self.content[f"/v2/cams/manifests/{digest}"] = content
        self.content["/v2/cams/manifests/latest"] = content
        return f"{self.host}/cams@{digest}"

    def _blob(self, content: bytes) -> str:
        digest = f"sha256:{hashlib.sha256(content).hexdigest()}"
        self.content[f"/v2/cams/blobs/{digest}"] = content
        return digest


class _Answer(http.server.BaseHTTPRequestHandler):
    server: Registry

    def do_GET(self) -> None:
        """The registry."""
        self.server.asked.append(self.path)
        if self.headers.get("Authorization") != f"Basic {base64.b64encode(b'AWS:token').decode()}":
            self._answer(401, b"", ("WWW-Authenticate", 'Basic realm="ecr"'))
        elif self.path in self.server.content:
            self._answer(200, self.server.content[self.path], ("Content-Type", MANIFEST))
        else:
            self._answer(404, b"{}")

    def do_POST(self) -> None:
        """AWS: only the right access key gets a token."""
        self.rfile.read(int(self.headers["Content-Length"]))
        assert self.headers["X-Amz-Target"].endswith(".GetAuthorizationToken")
        if "AKIATEST" not in self.headers["Authorization"]:
            self._answer(400, b'{"__type": "UnrecognizedClientException", "message": "invalid key"}')
            return
        data = {"authorizationToken": base64.b64encode(b"AWS:token").decode()}
        self._answer(200, json.dumps({"authorizationData": [data]}).encode())

    def _answer(self, status: int, body: bytes, *headers: tuple[str, str]) -> None:
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: Any) -> None:
        """Quiet."""


@pytest.fixture
def runtime(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Runtime:
    """A runtime in an empty folder; releases need nothing that must be started."""
    monkeypatch.setenv("SLIPWAY_ROOT", str(tmp_path / "cloud"))
    return create()


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> Iterator[Registry]:
    """A registry that AWS_ENDPOINT_URL leads to."""
    with Registry() as server:
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://{server.host}")
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server
        server.shutdown()


def test_an_image_is_unpacked_by_digest(runtime: Runtime, registry: Registry) -> None:
    """Command, environment and files are the image's; a second fetch pulls no layer again."""
    image = registry.push({"app/start.py": b"print(1)"})

    first = runtime.releases.fetch(image, KEYS, print)
    registry.asked.clear()
    second = runtime.releases.fetch(image, KEYS, print)

    assert first == second
    assert first.digest == image.partition("@")[2]
    assert (first.command, dict(first.env)) == (("python", "start.py", "web"), {"A": "1"})
    assert (first.folder / "start.py").read_bytes() == b"print(1)"
    assert {path.rsplit("/", 2)[1] for path in registry.asked} == {"manifests"}


def test_of_an_index_the_image_for_renders_machines_is_run(runtime: Runtime, registry: Registry) -> None:
    """As clients push for several machines; the release is the index, as it was asked for."""
    arm, ours = registry.push({"app/a": b"arm"}, machine="arm64"), registry.push({"app/a": b"ours"})
    index = registry.index({"unknown/unknown": arm, "linux/arm64": arm, "linux/amd64": ours})

    release = runtime.releases.fetch(index, KEYS, print)

    assert release.digest == index.partition("@")[2]
    assert (release.folder / "a").read_bytes() == b"ours"


def test_an_image_for_other_machines_is_refused(runtime: Runtime, registry: Registry) -> None:
    """It would not start at Render; alone, or as all that an index has."""
    arm = registry.push({"app/a": b""}, machine="arm64")
    index = registry.index({"linux/arm64": arm})

    with pytest.raises(RuntimeFailure, match=r"it is for linux/arm64, and Render runs linux/amd64$"):
        runtime.releases.fetch(arm, KEYS, print)
    with pytest.raises(RuntimeFailure, match=r"it is an index without an image for linux/amd64$"):
        runtime.releases.fetch(index, KEYS, print)


def test_a_tag_is_resolved_to_its_digest(runtime: Runtime, registry: Registry) -> None:
    """The release says which image it really is."""
    digest = registry.push({"app/a": b""}).partition("@")[2]

    assert runtime.releases.fetch(f"{registry.host}/cams:latest", KEYS, print).digest == digest


@pytest.mark.parametrize(
    ("credential", "message"),
    [
        (None, "the registry refuses a pull without a registry credential"),
        (Credential("DOCKER", "me", "guess"), "the registry refuses the DOCKER registry credential of me"),
        (Credential("AWS_ECR", "AKIAOTHER", "canary"), "cannot log in to the registry .* invalid key"),
    ],
)
def test_a_pull_needs_valid_keys(
    runtime: Runtime, registry: Registry, credential: Credential | None, message: str
) -> None:
    """Each refusal says whose keys were refused and never shows one."""
    image = registry.push({"app/a": b""})

    with pytest.raises(RuntimeFailure, match=message) as failure:
        runtime.releases.fetch(image, credential, print)

    assert "canary" not in str(failure.value) + repr(credential)


def test_a_layer_that_leads_outside_is_refused(runtime: Runtime, registry: Registry) -> None:
    """Nothing of such an image stays."""
    image = registry.push({"app/a": b"", "app/../../../../outside": b"x"})

    with pytest.raises(RuntimeFailure, match=r"layer 1 of .* is refused: the entry .* leads outside"):
        runtime.releases.fetch(image, KEYS, print)

    assert list(paths.folder("render", "images").iterdir()) == []


def test_a_damaged_image_is_refused(runtime: Runtime, registry: Registry) -> None:
    """A blob or manifest that is not what its digest says is not unpacked."""
    image = registry.push({"app/a": b""})
    for path in registry.content:
        registry.content[path] = registry.content[path].replace(b"start", b"other")

    with pytest.raises(RuntimeFailure, match=r"a part of .* is damaged"):
        runtime.releases.fetch(image, KEYS, print)
    registry.content = dict.fromkeys(registry.content, b"{}")
    with pytest.raises(RuntimeFailure, match="is not that image"):
        runtime.releases.fetch(image, KEYS, print)

    assert list(paths.folder("render", "images").iterdir()) == []


def test_an_image_that_needs_an_engine_is_refused(runtime: Runtime, registry: Registry) -> None:
    """Without the source image's label it is said that this machine has no container engine."""
    image = registry.push({"app/a": b""}, labels={})

    with pytest.raises(RuntimeFailure, match="this machine has no container engine and this is not a source image"):
        runtime.releases.fetch(image, KEYS, print)


def test_an_image_that_is_not_there(runtime: Runtime, registry: Registry) -> None:
    """It is said which."""
    with pytest.raises(RuntimeFailure, match=r"cannot pull 127.0.0.1:\d+/other:v1: there is no such image"):
        runtime.releases.fetch(f"{registry.host}/other:v1", KEYS, print)


@pytest.fixture
def commit(runtime: Runtime, tmp_path: Path) -> str:
    """A commit in the local Git repository."""
    bare, work = paths.folder("git") / "repository.git", tmp_path / "work"
    files = {
        "app/Dockerfile": 'FROM python\nWORKDIR /app\nENV A=1\nCMD ["python", "start.py"]\n',
        "app/start.py": "print(1)\n",
        "site/build.sh": "mkdir dist && echo $GREETING > dist/index.html\necho built\n",
    }
    for name, content in files.items():
        (work / name).parent.mkdir(parents=True, exist_ok=True)
        (work / name).write_text(content)
    identity = {f"GIT_{who}_{what}": "x" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    for command in (
        ["git", "init", "-q", "--bare", str(bare)],
        ["git", "init", "-q", "-b", "staging"],
        ["git", "add", "."],
        ["git", "commit", "-q", "-m", "Say hello"],
        ["git", "push", "-q", str(bare), "staging"],
    ):
        subprocess.run(command, cwd=work, check=True, env={**os.environ, **identity})
    head = runtime.releases.branch_head("https://github.com/org/repo", "staging")
    assert head
    return head


def build(runtime: Runtime, commit: str, **given: Any) -> Release:
    """A build of the folder `app` with nothing said but what is given."""
    log = given.pop("log", print)
    said = {"service_id": "srv-b", "deploy_id": "dep-1", "root_dir": "app", "build_command": "", "env": {}}
    return runtime.releases.build(Build(commit=commit, **{**said, **given}), log)


def test_a_branch_has_a_head_and_a_message(runtime: Runtime, commit: str) -> None:
    """A branch that is missing has none, also when it is packed; a missing commit is a failure."""
    bare = paths.local() / "git" / "repository.git"
    loose = runtime.releases.branch_head("any", "staging")
    subprocess.run(["git", f"--git-dir={bare}", "pack-refs", "--all"], check=True)

    assert (len(commit), loose, runtime.releases.branch_head("any", "staging")) == (40, commit, commit)
    assert [runtime.releases.branch_head("any", name) for name in ("develop", "../HEAD", "")] == [None, None, None]
    assert runtime.releases.commit_message(commit) == "Say hello"
    with pytest.raises(RuntimeFailure, match="there is no commit 0000"):
        runtime.releases.commit_message("0000")


def test_a_commit_is_built_from_its_dockerfile(runtime: Runtime, commit: str) -> None:
    """The start command and environment are the Dockerfile's, the files those of the root directory."""
    built = build(runtime, commit, dockerfile_path="Dockerfile")

    assert (built.command, dict(built.env), built.commit) == (("python", "start.py"), {"A": "1"}, commit)
    assert sorted(path.name for path in built.folder.iterdir()) == ["Dockerfile", "start.py"]
    runtime.remove_service("srv-b")
    assert not built.folder.exists()


def test_a_dockerfile_that_cannot_be_honoured_is_an_error(runtime: Runtime, commit: str) -> None:
    """It names the file and the line, and leaves no folder."""
    with pytest.raises(
        RuntimeFailure, match=r"cannot run `start.py` of commit .{40}: line 1: PRINT\(1\) stands before"
    ):
        build(runtime, commit, dockerfile_path="start.py")

    assert list(paths.folder("render", "builds", "srv-b").iterdir()) == []


def test_a_native_build_runs_its_command(runtime: Runtime, commit: str) -> None:
    """What the command makes belongs to the release, and the start command is run by a shell."""
    built = build(runtime, commit, build_command="touch made", start_command="exec python start.py")

    assert built.command == ("/bin/sh", "-c", "exec python start.py")
    assert (built.folder / "made").is_file()


def test_a_failed_build_tells_its_last_lines(runtime: Runtime, commit: str) -> None:
    """The failure has the exit code and the output, which went to the log too; its folder is gone."""
    said: list[str] = []

    with pytest.raises(RuntimeFailure, match="failed with exit code 3") as failure:
        build(runtime, commit, build_command="echo no compiler; exit 3", log=said.append)

    assert failure.value.lines == ["no compiler"]
    assert said[-1] == "no compiler"
    assert list(paths.folder("render", "builds", "srv-b").iterdir()) == []


def test_releases_that_nothing_uses_are_forgotten(runtime: Runtime, registry: Registry, commit: str) -> None:
    """What is used stays, and so does what was fetched or built lately; what was forgotten can be fetched again."""
    images = [registry.push({"app/start.py": f"print({number})".encode()}) for number in range(2)]
    used, old = (runtime.releases.fetch(image, KEYS, print).folder for image in images)
    built = [build(runtime, commit, deploy_id=f"dep-{number}").folder for number in range(2)]
    lately = runtime.releases.fetch(registry.push({"app/start.py": b"print(3)"}), KEYS, print).folder
    for folder in (used.parent.parent, old.parent.parent, *(folder.parent for folder in built)):
        os.utime(folder, (0, 0))

    runtime.releases.forget_unused([used, built[0]])

    assert [folder.exists() for folder in (used, old, *built, lately)] == [True, False, True, False, True]
    assert runtime.releases.fetch(images[1], KEYS, print).folder == old
    runtime.releases.forget_unused([])
    assert old.exists()


@pytest.mark.parametrize("root", ["nowhere", "../.."])
def test_a_root_directory_must_be_there(runtime: Runtime, commit: str, root: str) -> None:
    """One that is missing or leads outside the repository is named."""
    with pytest.raises(RuntimeFailure, match=f"the root directory `{root}`"):
        build(runtime, commit, root_dir=root)


def test_a_static_site_is_built(runtime: Runtime, commit: str) -> None:
    """The publish path is what is served; the build sees the service's environment."""
    site = {"service_id": "srv-s", "root_dir": "site", "env": {"GREETING": "hello"}}
    folder = build(runtime, commit, **site, build_command="sh build.sh", publish_path="dist").folder

    assert (folder / "index.html").read_text() == "hello\n"
    with pytest.raises(RuntimeFailure, match="the publish path `out` does not exist after the build"):
        build(runtime, commit, **site, deploy_id="dep-2", publish_path="out")
