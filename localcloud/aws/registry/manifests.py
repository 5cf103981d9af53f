"""Manifests and tags: every one is an image of ECR, and only that."""

from __future__ import annotations

import json
from typing import Any

from moto.core.exceptions import ServiceException
from moto.ecr.exceptions import ImageAlreadyExistsException
from werkzeug.wrappers import Request, Response

from localcloud.aws.registry.errors import RegistryError
from localcloud.aws.registry.repository import Repositories
from localcloud.aws.services.ecr import deletion, referrers
from localcloud.aws.services.ecr.errors import ImageTagAlreadyExistsException, LayersNotFoundException
from localcloud.images.reference import DIGEST, TAG, digest_of

LARGEST = 4 << 20
INDEX = "application/vnd.oci.image.index.v1+json"


class ManifestRoutes:
    """The addresses `/v2/<name>/manifests/<tag or digest>` and `/v2/<name>/tags/list`."""

    def __init__(self, repositories: Repositories) -> None:
        self._repositories = repositories

    def manifest(self, request: Request, name: str, reference: str) -> Response:
        """`HEAD` and `GET` find an image, `PUT` adds one, `DELETE` removes it or a tag."""
        match request.method:
            case "GET" | "HEAD":
                return self._get(name, reference, whole=request.method == "GET")
            case "PUT":
                return self._put(request, name, reference)
            case "DELETE":
                return self._delete(name, reference)
        raise RegistryError("UNSUPPORTED", f"{request.method} is not for manifests")

    def referrers(self, request: Request, name: str, digest: str) -> Response:
        """`GET`: an index of what hangs on the manifest of that digest, which need not be here (`artifactType`)."""
        if request.method != "GET":
            raise RegistryError("UNSUPPORTED", f"{request.method} is not for referrers")
        if not DIGEST.fullmatch(digest):
            raise RegistryError("DIGEST_INVALID", f"not a sha256 digest: {digest}", status=400)
        wanted = request.args.getlist("artifactType")
        with self._repositories.open(name) as (_, repository):
            descriptors = referrers.of(repository, digest, wanted)
        index = {"schemaVersion": 2, "mediaType": INDEX, "manifests": descriptors}
        filtered = {"OCI-Filters-Applied": "artifactType"} if wanted else {}
        return Response(json.dumps(index), 200, filtered, content_type=INDEX)

    def tags(self, request: Request, name: str) -> Response:
        """`GET`: all tags, or a page of them (`n`, `last`)."""
        if request.method != "GET":
            raise RegistryError("UNSUPPORTED", f"{request.method} is not for tags")
        with self._repositories.open(name) as (_, repository):
            tags = sorted(tag for image in repository.images for tag in image.image_tags)
        last, size = request.args.get("last", ""), request.args.get("n", type=int)
        tags = [tag for tag in tags if tag > last]
        page = tags if size is None else tags[: max(size, 0)]
        answer = Response(json.dumps({"name": name, "tags": page}), 200, content_type="application/json")
        if page and len(page) < len(tags):
            answer.headers["Link"] = f'</v2/{name}/tags/list?n={size}&last={page[-1]}>; rel="next"'
        return answer

    def _get(self, name: str, reference: str, *, whole: bool) -> Response:
        with self._repositories.open(name) as (_, repository):
            image = _find(repository, reference)
            if image is None:
                raise RegistryError("MANIFEST_UNKNOWN", f"Requested image not found: {name}:{reference}")
            content = image.image_manifest.encode()
            media_type, digest = image.image_manifest_media_type, image.image_digest
        headers = {"Docker-Content-Digest": digest, "Content-Length": str(len(content))}
        return Response(content if whole else None, 200, headers, content_type=media_type)

    def _put(self, request: Request, name: str, reference: str) -> Response:
        content = request.stream.read(LARGEST + 1)
        digest = digest_of(content)
        by_digest = ":" in reference
        if len(content) > LARGEST:
            raise RegistryError("MANIFEST_INVALID", f"a manifest has at most {LARGEST} bytes", status=413)
        if by_digest and (not DIGEST.fullmatch(reference) or reference != digest):
            raise RegistryError("DIGEST_INVALID", f"what was sent has the digest {digest}")
        if not by_digest and not TAG.fullmatch(reference):
            raise RegistryError("TAG_INVALID", f"not a tag: {reference}")
        try:
            text = content.decode()
            with self._repositories.open(name, change=True) as (backend, _):
                backend.put_image(name, text, None if by_digest else reference, _media_type(request, text))
        except ImageAlreadyExistsException:
            pass  # the same image under the same name again: nothing to do, as in ECR
        except ImageTagAlreadyExistsException as error:
            raise RegistryError("TAG_INVALID", error.message) from error
        except LayersNotFoundException as error:
            raise RegistryError("MANIFEST_BLOB_UNKNOWN", error.message) from error
        except (ServiceException, ValueError) as error:
            raise RegistryError("MANIFEST_INVALID", str(error)) from error
        headers = {"Location": f"/v2/{name}/manifests/{digest}", "Docker-Content-Digest": digest}
        if subject := referrers.subject_of(json.loads(text)):
            headers["OCI-Subject"] = subject
        return Response(status=201, headers=headers)

    def _delete(self, name: str, reference: str) -> Response:
        named = {"digest": reference, "tag": None} if ":" in reference else {"digest": None, "tag": reference}
        try:
            with self._repositories.open(name, change=True) as (_, repository):
                deletion.delete(repository, **named)
        except deletion.DeletionFailure as failure:
            code = {"ImageNotFound": "MANIFEST_UNKNOWN", "InvalidImageDigest": "DIGEST_INVALID"}
            raise RegistryError(code.get(failure.code, "DENIED"), failure.message) from failure
        return Response(status=202)


def _media_type(request: Request, text: str) -> str:
    """What the client says it is; a manifest that says otherwise of itself is refused."""
    sent = (request.content_type or "").partition(";")[0]
    manifest = json.loads(text)
    said = manifest.get("mediaType", sent) if isinstance(manifest, dict) else None
    if not sent or said != sent:
        raise ValueError(f"the Content-Type is {sent!r}, the manifest's mediaType {said!r}")
    return sent


def _find(repository: Any, reference: str) -> Any:
    for image in repository.images:
        if reference == image.image_digest or reference in image.image_tags:
            return image
    return None
