"""The `docker` on the local PATH: what is for the registry on this machine is built without an engine."""
