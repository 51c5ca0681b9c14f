"""Every address, by door."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []

handler400 = "concordat.kernel.doors.errors.bad_request"
handler403 = "concordat.kernel.doors.errors.not_allowed"
handler404 = "concordat.kernel.doors.errors.not_found"
handler500 = "concordat.kernel.doors.errors.server_error"
