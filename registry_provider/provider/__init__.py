"""The engine's side: what is in ECR, and what has to be built and pushed."""

VERSION = "0.1.0"
