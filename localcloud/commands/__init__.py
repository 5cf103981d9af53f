"""The commands of the cloud on this machine, a verb each, listed in `localcloud/__main__.py`."""
