"""Logs as JSON, one object a line, on stdout."""

import json
import logging
from datetime import UTC, datetime
from typing import Any


class JsonFormatter(logging.Formatter):
    """Writes a record as one line, with the environment and version it came from."""

    def __init__(self, environment: str, version: str) -> None:
        super().__init__()
        self.origin = {"environment": environment, "version": version}

    def format(self, record: logging.LogRecord) -> str:
        """The record as a JSON object."""
        entry: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **self.origin,
        }
        if record.exc_info:
            entry["exception"] = self.formatException(record.exc_info)
        return json.dumps(entry, ensure_ascii=False, default=str)


class WithoutHealthChecks(logging.Filter):
    """Keeps the platform's health checks, one every few seconds, out of the access log."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the record is about something else."""
        args = record.args
        path = str(args[2]) if isinstance(args, tuple) and len(args) > 2 else ""  # uvicorn: client, method, path, …
        return path.partition("?")[0] not in ("/health/", "/healthz")


def logging_config(environment: str, version: str, level: str) -> dict[str, Any]:
    """The configuration of `logging`, for Django and gunicorn alike."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": JsonFormatter, "environment": environment, "version": version}},
        "filters": {"without_health_checks": {"()": WithoutHealthChecks}},
        "handlers": {
            "stdout": {"class": "logging.StreamHandler", "stream": "ext://sys.stdout", "formatter": "json"},
            "access": {
                "class": "logging.StreamHandler",
                "stream": "ext://sys.stdout",
                "formatter": "json",
                "filters": ["without_health_checks"],
            },
        },
        "root": {"handlers": ["stdout"], "level": level},
        "loggers": {
            "django": {"handlers": [], "level": level, "propagate": True},
            "django.server": {"handlers": [], "propagate": True},
            "gunicorn.error": {"handlers": ["stdout"], "level": level, "propagate": False},
            "gunicorn.access": {"handlers": ["access"], "level": "INFO", "propagate": False},
        },
    }
