"""Secrets Manager: no value is longer than AWS keeps, and a secret on its way out is neither read nor written."""

from __future__ import annotations

from typing import Any

from moto.secretsmanager import models

from localcloud.aws.replies import same

LONGEST = 65_536  # bytes


def install() -> None:
    """Put all of it in place."""
    backend: Any = models.SecretsManagerBackend
    create, put, get = backend.create_secret, backend.put_secret_value, backend.get_secret_value

    def create_secret(self: Any, name: str, secret_string: str | None, *others: Any, **named: Any) -> Any:
        if _on_its_way_out(self, name):
            raise _refused(
                "You can't create this secret because a secret with this name is already scheduled for deletion."
            )
        _check_length(secret_string)
        return create(self, name, secret_string, *others, **named)

    def put_secret_value(self: Any, secret_id: str, secret_string: str | None, *others: Any, **named: Any) -> Any:
        _check_kept(self, secret_id)
        _check_length(secret_string)
        return put(self, secret_id, secret_string, *others, **named)

    def get_secret_value(self: Any, secret_id: str, *others: Any, **named: Any) -> Any:
        _check_kept(self, secret_id)
        return get(self, secret_id, *others, **named)

    backend.create_secret = create_secret
    backend.put_secret_value = put_secret_value
    backend.get_secret_value = get_secret_value


def _check_kept(backend: Any, secret_id: str) -> None:
    if _on_its_way_out(backend, secret_id):
        raise _refused("You can't perform this operation on the secret because it was marked for deletion.")


def _on_its_way_out(backend: Any, secret_id: str) -> bool:
    secret = backend.secrets.get(secret_id)
    return secret is not None and secret.is_deleted()


def _check_length(value: str | None) -> None:
    if value is not None and len(value.encode()) > LONGEST:
        raise same(
            "ValidationException",
            400,
            "1 validation error detected: Value at 'secretString' failed to satisfy constraint: "
            f"Member must have length less than or equal to {LONGEST}",
        )


def _refused(message: str) -> Exception:
    return same("InvalidRequestException", 400, message)
