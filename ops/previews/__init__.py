"""Pull requests served, each in an environment of its own (docs/adr/0059)."""
