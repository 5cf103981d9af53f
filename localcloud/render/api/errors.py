"""How a call is refused."""

from __future__ import annotations

from starlette.responses import JSONResponse, Response


class ApiError(Exception):
    """A refusal: its status and the sentence in the reply's `message`."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message

    def response(self) -> Response:
        """The reply that Render gives."""
        return JSONResponse({"message": self.message}, self.status)
