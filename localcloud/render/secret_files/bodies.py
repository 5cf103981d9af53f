"""Secret files as Render writes them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from pydantic import AfterValidator, Field

from localcloud.render.api.errors import ApiError
from localcloud.render.api.fields import Body, check_unique
from localcloud.render.secret_files.model import SecretFile


def _file_name(value: str) -> str:
    if not value or "/" in value or value in {".", ".."}:
        raise ValueError(f"invalid file name {value!r}")
    return value


FileName = Annotated[str, AfterValidator(_file_name)]


class ContentPut(Body):
    """PUT of one file."""

    content: str = Field(repr=False)


class SecretFilePut(ContentPut):
    """A file of a service or a group."""

    name: FileName


def secret_files(given: Sequence[SecretFilePut]) -> tuple[SecretFile, ...]:
    """Files as they are kept; 400 for a name given twice."""
    check_unique([item.name for item in given], "secretFiles")
    return tuple(SecretFile(name=item.name, content=item.content) for item in given)


def find_secret_file(files: Sequence[SecretFile], name: str) -> SecretFile:
    """The file of that name, or 404."""
    for file in files:
        if file.name == name:
            return file
    raise ApiError(404, f"not found: {name}")


def secret_file_body(file: SecretFile) -> dict[str, str]:
    """A file as it is read."""
    return {"name": file.name, "content": file.content}
