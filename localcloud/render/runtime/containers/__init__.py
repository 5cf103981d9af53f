"""How images are run where an engine is: a container each, whose client in the foreground is what we hold."""
