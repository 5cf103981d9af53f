"""`python -m render_provider.provider ENGINE_ADDRESS`: started by the engine, never by hand."""

import sys

from render_provider.provider.server import main

main(sys.argv[1:])
