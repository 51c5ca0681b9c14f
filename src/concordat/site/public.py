"""The few pages that belong to no service."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def accessibility(request: HttpRequest) -> HttpResponse:
    """The accessibility statement."""
    return render(request, "site/accessibility.html", {"title": "Accessibility"})


def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept about people, and why."""
    return render(request, "site/privacy.html", {"title": "Privacy"})


def cookies(request: HttpRequest) -> HttpResponse:
    """Which cookies there are."""
    return render(request, "site/cookies.html", {"title": "Cookies"})
