"""What happens is told to everybody who listens."""

from __future__ import annotations

from localcloud.github.events import Event, Events

EVENT = Event(name="push", repository="a/b", ref="refs/heads/main", sha="0" * 40, actor="alice", payload={})


def test_one_that_fails_does_not_keep_the_others_from_hearing() -> None:
    """Nor who has pushed from going on."""
    events, heard = Events(), list[Event]()

    def fail(_: Event) -> None:
        raise RuntimeError("broken")

    events.subscribe(fail)
    events.subscribe(heard.append)
    events.emit(EVENT)

    assert heard == [EVENT]
