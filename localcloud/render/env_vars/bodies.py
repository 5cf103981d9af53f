"""Variables as Render writes them: values in clear."""

from __future__ import annotations

import base64
import re
import secrets
from collections.abc import Sequence
from typing import Annotated

from pydantic import AfterValidator, Field, model_validator

from localcloud.render.api.errors import ApiError
from localcloud.render.api.fields import Body, check_unique
from localcloud.render.env_vars.model import EnvVar

_KEY = re.compile(r"^[A-Za-z_][A-Za-z0-9_.-]*$")


def _key(value: str) -> str:
    if not _KEY.match(value):
        raise ValueError(f"invalid name {value!r}: letters, digits, '_', '-' and '.', not starting with a digit")
    return value


Key = Annotated[str, AfterValidator(_key)]


class ValuePut(Body):
    """`{value}` or `{generateValue: true}`."""

    value: str | None = Field(default=None, repr=False)
    generate_value: bool | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> ValuePut:
        if (self.value is None) == (not self.generate_value):
            raise ValueError("give either value or generateValue: true")
        return self

    def env_var(self, key: str) -> EnvVar:
        """The variable; a generated value is base64 of 256 bits."""
        generated = base64.b64encode(secrets.token_bytes(32)).decode() if self.generate_value else ""
        return EnvVar(key=key, value=generated or self.value or "")


class EnvVarPut(ValuePut):
    """A variable of a service or a group."""

    key: Key


def env_vars(given: Sequence[EnvVarPut]) -> tuple[EnvVar, ...]:
    """Variables as they are kept; 400 for a name given twice."""
    check_unique([item.key for item in given], "envVars")
    return tuple(item.env_var(item.key) for item in given)


def find_env_var(variables: Sequence[EnvVar], key: str) -> EnvVar:
    """The variable of that name, or 404."""
    for variable in variables:
        if variable.key == key:
            return variable
    raise ApiError(404, f"not found: {key}")


def env_var_body(variable: EnvVar) -> dict[str, str]:
    """A variable as it is read."""
    return {"key": variable.key, "value": variable.value}
