"""S3 as far as our door goes, on the disk, in a process of its own: a server that costs next to nothing."""

from __future__ import annotations

import shutil
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

CHUNK = 1 << 20


class Handler(BaseHTTPRequestHandler):
    """Objects are files; the parts of an upload are files until it is complete. Checksums are the client's own."""

    protocol_version = "HTTP/1.1"
    folder: Path

    def do_POST(self) -> None:
        """Begin an upload, or complete it."""
        length, query = int(self.headers.get("Content-Length", 0)), self._query()
        self.rfile.read(length)
        if "uploads" in query:
            self._answer(200, "<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>")
            return
        whole = self._file()
        parts = sorted(whole.parent.glob(f"{whole.name}.part-*"))
        with whole.open("wb") as target:
            for part in parts:
                with part.open("rb") as source:
                    shutil.copyfileobj(source, target, CHUNK)
                part.unlink()
        self._answer(200, '<CompleteMultipartUploadResult><ETag>"e"</ETag></CompleteMultipartUploadResult>')

    def do_PUT(self) -> None:
        """An object, or a part of one."""
        left, query, file = int(self.headers.get("Content-Length", 0)), self._query(), self._file()
        if "partNumber" in query:
            file = file.with_name(f"{file.name}.part-{int(query['partNumber'][0]):05}")
        if self.headers.get("Expect") == "100-continue":
            self.send_response_only(100)
            self.end_headers()
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("wb") as target:
            while left and (chunk := self.rfile.read(min(CHUNK, left))):
                target.write(chunk)
                left -= len(chunk)
        self._answer(200, "", {"ETag": '"e"'})

    def do_DELETE(self) -> None:
        """Take back an upload."""
        self._answer(204, "")

    def do_HEAD(self) -> None:
        """How long one is."""
        file = self._file()
        if not file.is_file():
            self._answer(404, "")
            return
        self.send_response(200)
        self.send_header("Content-Length", str(file.stat().st_size))
        self.send_header("ETag", '"e"')
        self.end_headers()

    def do_GET(self) -> None:
        """An object from where it is asked for; a list is an empty one."""
        file = self._file()
        if not file.is_file():
            self._answer(200, "<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>")
            return
        start = int(self.headers.get("Range", "bytes=0-").removeprefix("bytes=").partition("-")[0])
        size = file.stat().st_size
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(size - start))
        self.send_header("ETag", '"e"')
        if start:
            self.send_header("Content-Range", f"bytes {start}-{size - 1}/{size}")
        self.end_headers()
        with file.open("rb") as source:
            source.seek(start)
            shutil.copyfileobj(source, self.wfile, CHUNK)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""

    def _query(self) -> dict[str, list[str]]:
        return parse_qs(urlsplit(self.path).query, keep_blank_values=True)

    def _file(self) -> Path:
        return self.folder / unquote(urlsplit(self.path).path).lstrip("/")

    def _answer(self, code: int, body: str, headers: dict[str, str] | None = None) -> None:
        self.send_response(code)
        for name, value in {**(headers or {}), "Content-Length": str(len(body.encode()))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body.encode())


def main() -> None:
    """`FOLDER PORT`: serve until killed."""
    Handler.folder = Path(sys.argv[1])
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[2])), Handler).serve_forever()


if __name__ == "__main__":
    main()
