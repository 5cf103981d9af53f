"""Plans that were reviewed: what each was made on, how it is sealed, and whether it may still be carried out."""
