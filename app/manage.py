"""Django's own command line, for people; services start with `start.py`."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "cams.settings"
    execute_from_command_line(sys.argv)
