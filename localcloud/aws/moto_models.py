"""Makes moto look only once for which services botocore has models."""

from __future__ import annotations

from functools import cache


def install() -> None:
    """Give moto one loader for all services: each new one looks through botocore's hundreds of folders again."""
    from moto.core import utils

    utils.create_loader = cache(utils.create_loader)  # type: ignore[attr-defined] # imported there, not exported
