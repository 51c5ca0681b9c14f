"""The few pages that belong to no service."""

from __future__ import annotations

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from concordat.kernel.refusals import NotVisible


def accessibility(request: HttpRequest) -> HttpResponse:
    """The accessibility statement."""
    return render(request, "site/accessibility.html", {"title": "Accessibility"})


def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept about people, and why."""
    return render(request, "site/privacy.html", {"title": "Privacy"})


def cookies(request: HttpRequest) -> HttpResponse:
    """Which cookies there are."""
    return render(request, "site/cookies.html", {"title": "Cookies"})


def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session; a GET asks first, so that no other page can do it."""
    if request.method == "POST":
        logout(request)
        return redirect("/")
    return render(request, "site/sign_out.html", {"title": "Sign out"})


def closed(request: HttpRequest) -> HttpResponse:
    """A page of the sign-in library that this site does not offer."""
    raise NotVisible
