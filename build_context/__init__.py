"""Which files of a folder a Docker build is given: read once, for what names an image and for what builds it."""
