"""What every plugin of the engine needs: its protocol, its values, one server. It knows nothing of the rest.

`plugin.Plugin` is what a plugin says; `server.serve` carries it between the engine's messages and plain Python.
"""
