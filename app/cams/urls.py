"""Every address of the service."""

from django.contrib import admin
from django.urls import include, path, re_path

from cams.health import api_health, ready
from cams.queues import queues
from pages import views as pages

urlpatterns = [
    path("", pages.page),
    path("assets/<path:name>", pages.asset),
    path("api/health/", api_health),
    re_path("^api/v1/health/ready/?$", ready),
    re_path("^api/v1/health/queues/?$", queues),
    path("api/exams/", include("exams.urls")),
    path("admin/", admin.site.urls),
]

handler404 = "cams.errors.not_found"
handler500 = "cams.errors.server_error"
