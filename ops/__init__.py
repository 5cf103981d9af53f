"""The commands that people and timers run: one module each, listed in `__main__.py`."""
