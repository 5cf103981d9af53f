"""A registry that serves made-up images, and the AWS that gives a token for it."""

from __future__ import annotations

import base64
import gzip
import hashlib
import http.server
import io
import json
import tarfile
from typing import Any

from localcloud.render.runtime.values import Credential

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
