"""Logs as JSON, one object a line, on stdout."""

import json
import logging
from datetime import UTC, datetime
from typing import Any

# Where the platform asks, every few seconds.
HEALTH = ("/health/", "/healthz", "/api/v1/health", "/api/v1/health/")
# By which a worker proves that it takes jobs.
OWN_JOB = "cams.heartbeats.prove"
# What a request that the app asks itself has in its scope.
MARK = "cams.proof"


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
        return path.partition("?")[0] not in HEALTH


class WithoutOwnRequests(logging.Filter):
    """Keeps out what Django says of answers that are no fault: of health, and of what a start asks itself.

    Such as for a page that is not there. What was raised on the way is told.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the record is about a request of somebody else, or an error."""
        scope = getattr(getattr(record, "request", None), "scope", {})
        own = MARK in scope or scope.get("path") in HEALTH
        return not own or (record.levelno >= logging.ERROR and record.exc_info is not None)


class WithoutOwnJobs(logging.Filter):
    """Keeps out the job that each worker is given several times a minute, unless it fails."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the record is about another job, or an error."""
        args = record.args if isinstance(record.args, tuple) else ()  # the job's number, path, state
        return record.levelno >= logging.ERROR or OWN_JOB not in args


def logging_config(environment: str, version: str, level: str) -> dict[str, Any]:
    """The configuration of `logging`, for Django and gunicorn alike."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": JsonFormatter, "environment": environment, "version": version}},
        "filters": {
            "without_health_checks": {"()": WithoutHealthChecks},
            "without_own_jobs": {"()": WithoutOwnJobs},
            "without_own_requests": {"()": WithoutOwnRequests},
        },
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
            "django.request": {"handlers": [], "filters": ["without_own_requests"], "propagate": True},
            "django.server": {"handlers": [], "propagate": True},
            "django_tasks": {"handlers": [], "filters": ["without_own_jobs"], "propagate": True},
            "gunicorn.error": {"handlers": ["stdout"], "level": level, "propagate": False},
            "gunicorn.access": {"handlers": ["access"], "level": "INFO", "propagate": False},
        },
    }
