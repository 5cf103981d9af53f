"""What each call asks for."""
