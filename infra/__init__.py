"""What each environment is: declares, calls no API. Start reading at `stack.py`."""
