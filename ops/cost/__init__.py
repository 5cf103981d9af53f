"""What the stacks cost a month."""
