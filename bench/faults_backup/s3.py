"""`python -m bench.faults_backup.s3 FOLDER PORT`: as much of S3 as backups use, on the disk, to be killed."""

from __future__ import annotations

import hashlib
import json
import os
import re
import secrets
import sys
import tempfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar
from urllib.parse import parse_qs, quote, unquote, urlsplit
from xml.sax.saxutils import escape

DATE = "2026-01-01T00:00:00.000Z"


class Handler(BaseHTTPRequestHandler):
    """Path-style addresses; whoever asks may."""

    protocol_version = "HTTP/1.1"
    root: ClassVar[Path]

    def do_PUT(self) -> None:
        """An object, or a part of one."""
        content, ask = self._content(), self._ask
        if "uploadId" in ask:
            folder = self._upload(ask["uploadId"])
            if not folder.is_dir():
                return self._error(404, "NoSuchUpload")
            (folder / ask["partNumber"].zfill(6)).write_bytes(content)
            return self._answer(200, headers={"ETag": _tag(content)})
        return self._store(content, self._metadata())

    def do_POST(self) -> None:
        """An upload begins, or ends."""
        content, ask = self._content(), self._ask
        if "uploads" in ask:
            upload = secrets.token_hex(8)
            folder = self._upload(upload)
            folder.mkdir(parents=True)
            (folder / "about").write_text(json.dumps({"key": self._key, "metadata": self._metadata()}))
            return self._answer(200, _xml("InitiateMultipartUploadResult", f"<UploadId>{upload}</UploadId>"))
        folder = self._upload(ask["uploadId"])
        if not folder.is_dir():
            return self._error(404, "NoSuchUpload")
        numbers = re.findall(rb"<PartNumber>(\d+)<", content)
        whole = b"".join((folder / number.decode().zfill(6)).read_bytes() for number in numbers)
        metadata = json.loads((folder / "about").read_text())["metadata"]
        return self._store(whole, metadata, _xml("CompleteMultipartUploadResult", f"<ETag>{_tag(whole)}</ETag>"))

    def do_GET(self) -> None:
        """An object, a part of it, or a list."""
        ask = self._ask
        if "list-type" in ask or "uploads" in ask:
            return self._list(ask)
        path = self._path(self._key)
        if not path.exists():
            return self._error(404, "NoSuchKey")
        metadata, content = _read(path)
        if (wanted := self.headers.get("If-Match")) and wanted != _tag(content):
            return self._error(412, "PreconditionFailed")
        head = {"ETag": _tag(content), "Last-Modified": "Thu, 01 Jan 2026 00:00:00 GMT"} | metadata
        if asked := re.match(r"bytes=(\d+)-(\d*)", self.headers.get("Range", "")):
            start, end = int(asked[1]), int(asked[2] or len(content) - 1) + 1
            head["Content-Range"] = f"bytes {start}-{end - 1}/{len(content)}"
            return self._answer(206, content[start:end], head)
        return self._answer(200, content, head)

    do_HEAD = do_GET  # noqa: N815 - likewise

    def do_DELETE(self) -> None:
        """An object, or an upload that is given up."""
        ask = self._ask
        if "uploadId" in ask:
            for file in (folder := self._upload(ask["uploadId"])).glob("*"):
                file.unlink()
            if folder.is_dir():
                folder.rmdir()
        else:
            self._path(self._key).unlink(missing_ok=True)
        self._answer(204)

    @property
    def _ask(self) -> dict[str, str]:
        parsed = parse_qs(urlsplit(self.path).query, keep_blank_values=True)
        return {name: values[0] for name, values in parsed.items()}

    @property
    def _key(self) -> str:
        return unquote(urlsplit(self.path).path).lstrip("/").partition("/")[2]

    def _path(self, key: str) -> Path:
        return self.root / "objects" / quote(key, safe="")

    def _upload(self, upload: str) -> Path:
        return self.root / "uploads" / upload

    def _metadata(self) -> dict[str, str]:
        return {name.lower(): value for name, value in self.headers.items() if name.lower().startswith("x-amz-meta-")}

    def _content(self) -> bytes:
        content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if "aws-chunked" in self.headers.get("Content-Encoding", ""):
            whole, rest = b"", content
            while (size := int((line := rest.partition(b"\r\n"))[0].partition(b";")[0], 16)) > 0:
                whole, rest = whole + line[2][:size], line[2][size + 2 :]
            return whole
        return content

    def _store(self, content: bytes, metadata: dict[str, str], answer: bytes = b"") -> None:
        """All of it or nothing, whenever we are killed."""
        head = json.dumps(metadata).encode()
        descriptor, name = tempfile.mkstemp(dir=self.root)
        with os.fdopen(descriptor, "wb") as file:
            file.write(len(head).to_bytes(4, "big") + head + content)
        path = self._path(self._key)
        try:
            if self.headers.get("If-None-Match") == "*":
                os.link(name, path)
                Path(name).unlink()
            else:
                Path(name).replace(path)
        except FileExistsError:
            Path(name).unlink()
            return self._error(412, "PreconditionFailed")
        return self._answer(200, answer, {"ETag": _tag(content)})

    def _list(self, ask: dict[str, str]) -> None:
        prefix = ask.get("prefix", "")
        if "uploads" in ask:
            found = [(one.name, json.loads((one / "about").read_text())) for one in (self.root / "uploads").glob("*")]
            rows = "".join(
                f"<Upload><Key>{escape(about['key'])}</Key><UploadId>{name}</UploadId><Initiated>{DATE}</Initiated>"
                "</Upload>"
                for name, about in found
                if about["key"].startswith(prefix)
            )
            return self._answer(200, _xml("ListMultipartUploadsResult", rows))
        keys = sorted(unquote(one.name) for one in (self.root / "objects").iterdir())
        rows = "".join(
            f"<Contents><Key>{escape(key)}</Key><Size>{len(_read(self._path(key))[1])}</Size>"
            f"<LastModified>{DATE}</LastModified></Contents>"
            for key in keys
            if key.startswith(prefix)
        )
        return self._answer(200, _xml("ListBucketResult", rows))

    def _error(self, status: int, code: str) -> None:
        self._answer(status, b"" if self.command == "HEAD" else _xml("Error", f"<Code>{code}</Code>", bare=True))

    def _answer(self, status: int, content: bytes = b"", headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


def _tag(content: bytes) -> str:
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'


def _read(path: Path) -> tuple[dict[str, str], bytes]:
    content = path.read_bytes()
    size = 4 + int.from_bytes(content[:4], "big")
    return json.loads(content[4:size]), content[size:]


def _xml(name: str, inner: str, *, bare: bool = False) -> bytes:
    space = "" if bare else ' xmlns="http://s3.amazonaws.com/doc/2006-03-01/"'
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{name}{space}>{inner}</{name}>'.encode()


def main() -> None:
    """Serve until killed."""
    Handler.root = Path(sys.argv[1])
    for name in ("objects", "uploads"):
        (Handler.root / name).mkdir(exist_ok=True)
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[2])), Handler).serve_forever()


if __name__ == "__main__":
    main()
