"""Exams in Django's admin."""

from __future__ import annotations

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from exams import schedule
from exams.models import Exam


@admin.register(Exam)
class ExamAdmin(admin.ModelAdmin):  # type: ignore[type-arg] # at runtime it takes none
    """Saving here schedules an exam exactly as the API does."""

    list_display = ("title", "subject", "status", "opens_at", "closes_at")
    list_filter = ("status", "subject")
    search_fields = ("title", "subject")
    readonly_fields = ("created_at", "updated_at")

    def save_model(self, _request: HttpRequest, obj: Exam, _form: forms.ModelForm[Exam], _change: bool) -> None:
        """Save with its tasks."""
        schedule.store(obj)
