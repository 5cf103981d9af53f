"""The commands, a verb each, listed in `ops/__main__.py`: they parse and print, and decide nothing."""
