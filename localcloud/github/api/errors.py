"""How a call is refused. https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api"""

from __future__ import annotations

from typing import Any

DOCS = "https://docs.github.com/rest"


class ApiError(Exception):
    """A refusal: its status, the sentence in `message`, and what is wrong with which field."""

    def __init__(self, status: int, message: str, errors: list[Any] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.errors = errors

    def body(self, documentation: str) -> dict[str, Any]:
        """The document that GitHub answers."""
        errors = {} if self.errors is None else {"errors": self.errors}
        return {"message": self.message, **errors, "documentation_url": documentation, "status": str(self.status)}


class NotFoundError(ApiError):
    """Nothing is there, or the caller may not know of it."""

    def __init__(self) -> None:
        super().__init__(404, "Not Found")


def invalid(resource: str, field: str, code: str = "invalid", message: str = "") -> ApiError:
    """`Validation Failed`, of one field."""
    said = {"message": message} if message else {}
    return ApiError(422, "Validation Failed", [{"resource": resource, "field": field, "code": code, **said}])


def custom(resource: str, message: str) -> ApiError:
    """`Validation Failed`, of a rule that has words of its own."""
    return ApiError(422, "Validation Failed", [{"resource": resource, "code": "custom", "message": message}])
