"""Layers and configurations: looked for, pulled, pushed whole or in chunks, borrowed from another repository."""

from __future__ import annotations

from typing import BinaryIO, cast

from werkzeug.exceptions import RequestedRangeNotSatisfiable
from werkzeug.wrappers import Request, Response
from werkzeug.wsgi import wrap_file

from localcloud.aws.registry import access
from localcloud.aws.registry.errors import RegistryError
from localcloud.aws.registry.repository import Repositories
from localcloud.aws.registry.uploads import CHUNK, Uploads
from localcloud.aws.services.ecr.repository import layers
from localcloud.aws.services.ecr.settings import setting


class BlobRoutes:
    """The addresses under `/v2/<name>/blobs/`."""

    def __init__(self, repositories: Repositories, uploads: Uploads) -> None:
        self._repositories = repositories
        self._uploads = uploads
        self._blobs = layers()

    def start(self, request: Request, name: str) -> Response:
        """`POST …/uploads/`: open an upload; or have it done at once, with the bytes or from another repository."""
        if request.method != "POST":
            raise RegistryError("UNSUPPORTED", f"{request.method} is not for uploads as a whole")
        with self._repositories.open(name):
            pass  # it must be there before anything is sent
        borrowed = request.args.get("mount")
        if borrowed and self._mount(request, name, borrowed):
            return _created(name, borrowed)
        upload = self._uploads.begin(name)
        if digest := request.args.get("digest"):
            return self._finish(request, name, upload, digest)
        return _progress(202, name, upload, 0)

    def upload(self, request: Request, name: str, upload: str) -> Response:
        """`PATCH` adds a chunk, `PUT` ends it, `GET` tells how far it is, `DELETE` gives it up."""
        with self._repositories.open(name):
            pass  # it may have been deleted meanwhile
        match request.method:
            case "PATCH":
                return _progress(202, name, upload, self._append(request, name, upload))
            case "PUT":
                return self._finish(request, name, upload, request.args.get("digest", ""))
            case "GET":
                return _progress(204, name, upload, self._uploads.size(name, upload))
            case "DELETE":
                self._uploads.cancel(name, upload)
                return Response(status=204)
        raise RegistryError("UNSUPPORTED", f"{request.method} is not for uploads")

    def blob(self, request: Request, name: str, digest: str) -> Response:
        """`HEAD` and `GET`: what the repository has under that digest."""
        if request.method not in ("GET", "HEAD"):
            raise RegistryError("UNSUPPORTED", f"{request.method} is not for blobs")
        with self._repositories.open(name) as (_, repository):
            size = repository.layers.get(digest)
        if size is None:
            raise RegistryError("BLOB_UNKNOWN", f"no blob {digest} in {name}")
        headers = {"Docker-Content-Digest": digest, "Content-Length": str(size)}
        answer = Response(None, 200, headers, content_type="application/octet-stream")
        if request.method == "GET":
            content = cast("BinaryIO", self._blobs.path(digest).open("rb"))
            answer.response = wrap_file(request.environ, content, CHUNK)
            answer.direct_passthrough = True
            return _ranged(request, answer, size)
        return answer

    def _append(self, request: Request, name: str, upload: str) -> int:
        body = cast("BinaryIO", request.stream)
        return self._uploads.append(name, upload, body, request.headers.get("Content-Range"))

    def _finish(self, request: Request, name: str, upload: str, digest: str) -> Response:
        self._append(request, name, upload)
        size = self._uploads.finish(name, upload, digest)
        with self._repositories.open(name, change=True) as (_, repository):
            repository.layers[digest] = size
        return _created(name, digest)

    def _mount(self, request: Request, name: str, digest: str) -> bool:
        """Borrow a blob, where ECR allows it: in one region, with one encryption, once the account has said so."""
        try:
            with self._repositories.open(request.args.get("from", "")) as (lender, other):
                size = other.layers.get(digest) if access.may_pull(request, other) else None
        except RegistryError:
            return False  # the specification: then the client uploads it
        with self._repositories.open(name, change=True) as (backend, repository):
            if size is None or backend is not lender or setting(backend, "BLOB_MOUNTING") != "ENABLED":
                return False
            if repository.encryption_configuration != other.encryption_configuration:
                return False
            repository.layers[digest] = size
        return True


def _ranged(request: Request, answer: Response, size: int) -> Response:
    """As much of it as the client asks for, so that a pull that was cut goes on where it ended."""
    try:
        return answer.make_conditional(request.environ, accept_ranges=True, complete_length=size)
    except RequestedRangeNotSatisfiable as error:
        answer.close()
        raise RegistryError("BLOB_UPLOAD_INVALID", f"the range is not in the blob's {size} bytes") from error


def _created(name: str, digest: str) -> Response:
    return Response(status=201, headers={"Location": f"/v2/{name}/blobs/{digest}", "Docker-Content-Digest": digest})


def _progress(status: int, name: str, upload: str, size: int) -> Response:
    headers = {
        "Location": f"/v2/{name}/blobs/uploads/{upload}",
        "Docker-Upload-UUID": upload,
        "Range": f"0-{max(size - 1, 0)}",
    }
    return Response(status=status, headers=headers)
