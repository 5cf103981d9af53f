"""A registry of an older version of the specification: it lists no referrers. What it has can be spoilt."""

from __future__ import annotations

import hashlib
import http.server
import json
import re
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any
from urllib.parse import parse_qs, urlsplit

from registry_api.images import Images
from registry_api.manifests import MANIFEST, Manifest, digest_of

LOGIN = "QVdTOnRva2Vu"  # AWS:token


class PlainRegistry(http.server.ThreadingHTTPServer):
    """In memory, and no tag moves but those that list referrers."""

    daemon_threads = True

    def __init__(self, *, lists_referrers: bool = False) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.lists_referrers = lists_referrers
        self.blobs: dict[tuple[str, str], bytes] = {}
        self.manifests: dict[tuple[str, str], Manifest] = {}
        self.uploads: dict[str, bytes] = {}
        self.numbers = count()
        self.asked: Counter[str] = Counter()
        self.cut: set[str] = set()
        """Digests of blobs that are sent by half, once."""
        self.instead: dict[str, list[tuple[int, dict[str, str], bytes]]] = {}
        """What is answered in its place, in turn, by method and noun."""
        self.elsewhere = ""
        """Where uploads are sent, when not here."""

    def images(self, name: str) -> Images:
        """The door to a repository."""
        return Images(f"127.0.0.1:{self.server_address[1]}/{name}", LOGIN)

    def referrers(self, name: str, subject: str, kind: str) -> list[dict[str, Any]]:
        every = [one for (where, key), one in self.manifests.items() if where == name and key == one.digest]
        return [
            one.descriptor for one in every if one.subject == subject and kind in ("", one.said.get("artifactType"))
        ]


class _Answer(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: PlainRegistry

    def handle_request(self) -> None:
        body = self._body()
        address = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(address.query).items()}
        self.server.asked[f"{self.command} {re.sub(r'/[^/]*$', '', address.path.partition('/v2/')[2])}"] += 1
        found = re.fullmatch(r"/v2/(.+?)/(blobs/uploads|blobs|manifests|referrers)/([^/]*)", address.path)
        if self.headers.get("Authorization") != f"Basic {LOGIN}":
            self._answer(401)
        elif found and (answers := self.server.instead.get(f"{self.command} {found[2]}")):
            status, headers, content = answers.pop(0)
            self._answer(status, content, headers=headers)
            self.close_connection = "Content-Length" in headers  # of which less comes
        elif found:
            getattr(self, f"_{found[2].replace('/', '_')}")(found[1], found[3], query, body)
        else:
            self._answer(404)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = handle_request  # noqa: N815 - the base class's names

    def _blobs(self, name: str, digest: str, query: dict[str, str], body: bytes) -> None:
        content = self.server.blobs.get((name, digest))
        if content is None:
            self._answer(404)
        elif digest in self.server.cut and self.command == "GET":
            self.server.cut.discard(digest)
            self._answer(200, content, send=content[: len(content) // 2])
            self.close_connection = True
        else:
            self._answer(200, content)

    def _blobs_uploads(self, name: str, upload: str, query: dict[str, str], body: bytes) -> None:
        if self.command == "POST":
            known = self.server.blobs.get((query.get("from", ""), query.get("mount", "")))
            if known is not None:
                self.server.blobs[name, query["mount"]] = known
                self._answer(201)
                return
            upload = str(next(self.server.numbers))
            self.server.uploads[upload] = b""
        self.server.uploads[upload] += body
        if self.command != "PUT":
            self._answer(202, headers={"Location": f"{self.server.elsewhere}/v2/{name}/blobs/uploads/{upload}"})
            return
        content = self.server.uploads.pop(upload)
        if digest_of(content) != query["digest"]:
            self._answer(400, json.dumps({"errors": [{"code": "DIGEST_INVALID", "message": "other bytes"}]}).encode())
            return
        self.server.blobs[name, query["digest"]] = content
        self._answer(201)

    def _manifests(self, name: str, reference: str, query: dict[str, str], body: bytes) -> None:
        if self.command == "PUT":
            manifest = Manifest(body, self.headers["Content-Type"])
            known = self.server.manifests.get((name, reference))
            if known and known != manifest and not reference.startswith("sha256-"):
                refusal = {"errors": [{"code": "TAG_INVALID", "message": "the tag is there and does not move"}]}
                self._answer(400, json.dumps(refusal).encode())
                return
            self.server.manifests[name, reference] = self.server.manifests[name, manifest.digest] = manifest
            told = self.server.lists_referrers and manifest.subject
            self._answer(201, headers={"OCI-Subject": manifest.subject} if told else {})
            return
        found = self.server.manifests.get((name, reference))
        headers = {"Content-Type": found.media_type, "Docker-Content-Digest": found.digest} if found else {}
        self._answer(200 if found else 404, found.content if found else b"", headers=headers)

    def _referrers(self, name: str, subject: str, query: dict[str, str], body: bytes) -> None:
        listed = self.server.referrers(name, subject, query.get("artifactType", ""))
        answer = json.dumps({"schemaVersion": 2, "manifests": listed}).encode()
        self._answer(200 if self.server.lists_referrers else 404, answer)

    def _body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def _answer(
        self, status: int, content: bytes = b"", *, headers: dict[str, str] | None = None, send: bytes | None = None
    ) -> None:
        self.send_response(status)
        for key, value in (headers or {}).items():
            self.send_header(key, value)
        if "Content-Length" not in (headers or {}):
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content if send is None else send)

    def log_message(self, *arguments: Any) -> None:
        """Quiet."""


@contextmanager
def plain_registry(*, lists_referrers: bool = False) -> Iterator[PlainRegistry]:
    """One that serves until the end."""
    registry = PlainRegistry(lists_referrers=lists_referrers)
    thread = threading.Thread(target=registry.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield registry
    finally:
        registry.shutdown()
        thread.join()
        registry.server_close()


def pushed(images: Images, layer: bytes, tag: str = "") -> Manifest:
    """An image of one layer."""
    config = b'{"config": {"Cmd": ["python"], "Labels": {"a": "b"}}}'
    manifest = Manifest.of(
        {
            "schemaVersion": 2,
            "mediaType": MANIFEST,
            "config": _descriptor(images, config, "application/vnd.oci.image.config.v1+json"),
            "layers": [_descriptor(images, layer, "application/vnd.oci.image.layer.v1.tar+gzip")],
        }
    )
    images.put(manifest, tag)
    return manifest


def _descriptor(images: Images, content: bytes, kind: str) -> dict[str, Any]:
    images.put_blob(content)
    return {"mediaType": kind, "digest": f"sha256:{hashlib.sha256(content).hexdigest()}", "size": len(content)}
