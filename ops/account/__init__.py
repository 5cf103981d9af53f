"""What exists once per account, and what has to be there before anything is made."""
