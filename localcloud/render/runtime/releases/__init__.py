"""Images that were pulled and commits that were built."""
