"""The ASGI application that gunicorn serves."""

import os

from django.core.asgi import get_asgi_application

os.environ["DJANGO_SETTINGS_MODULE"] = "cams.settings"
application = get_asgi_application()
