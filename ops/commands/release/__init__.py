"""`release`: what was released to an environment, and the way to and from there."""
