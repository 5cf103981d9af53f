"""What workflows ask for: whose a branch is, what a change would do, what has drifted, what is to be promoted."""
