"""Why the app could not start, told in the form that every message here has."""


class StartError(Exception):
    """`what: why`, an empty line, and what to do."""

    def __init__(self, what: str, why: str, hint: str) -> None:
        super().__init__(f"{what}: {why}\n\nhint: {hint}")
