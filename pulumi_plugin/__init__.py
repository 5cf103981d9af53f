"""What every plugin of the engine needs: protocol, values, one vocabulary, a server. It knows nothing of the rest.

`plugin.Plugin` is what a plugin says, and `resource.Declared` what its resources say as data; `server.serve` carries
both between the engine's messages (`wire`) and plain Python (`values`). `preload` loads plugins before their start.
"""
