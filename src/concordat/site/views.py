"""The way out, and the ways in that are closed: they belong to no service."""

from __future__ import annotations

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from concordat.kernel.doors.errors import refused
from concordat.kernel.refusals import NotVisible, TooMany


def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session; a GET asks first, so that no other page can do it."""
    if request.method == "POST":
        logout(request)
        return redirect("/")
    return render(request, "site/sign_out.html", {"title": "Sign out"})


def too_many(request: HttpRequest) -> HttpResponse:
    """What the sign-in library answers to whoever tries too often."""
    return refused(request, TooMany())


def closed(request: HttpRequest) -> HttpResponse:
    """A page of the sign-in library that this site does not offer."""
    raise NotVisible
