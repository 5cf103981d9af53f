"""Addresses under `/api/exams/`."""

from django.urls import path

from exams import views

urlpatterns = [
    path("", views.exams),
    path("<int:exam_id>/", views.exam),
]
