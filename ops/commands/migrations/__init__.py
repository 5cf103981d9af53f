"""`migrations`: see what new ones would do to the release that runs, before they do it."""
