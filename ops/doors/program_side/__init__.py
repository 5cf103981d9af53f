"""What runs in the process of a tree's own program: it knows that tree's `infra`, and nothing else of ours."""
