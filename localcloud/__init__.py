"""A cloud on this machine: Render, AWS and the engine. Knows nothing of the rest; reached over its protocols."""
