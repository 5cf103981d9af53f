"""The runs of workflows: what starts them, in which order, with which rights, and what became of them."""
