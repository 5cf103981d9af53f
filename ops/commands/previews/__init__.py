"""`previews`: a verb a file."""
