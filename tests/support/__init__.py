"""What tests stand on: clouds, engines, fakes, checkouts, waiting."""
