"""`maintenance`: the page in place of an environment, and back."""
