"""`restore`: bring a database or media back from what was stored."""
