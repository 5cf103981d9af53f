"""unit/ mirrors the packages; contract/ speaks protocols; local/ runs the whole; repo/ holds the house rules."""
