"""What somebody could want of an environment: each as one real call that harms nothing when it is let through."""
