"""The engine's side: check, diff, create, read, update and delete, once for all; one file a resource."""

VERSION = "0.1.0"
