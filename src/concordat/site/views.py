"""The way out, which belongs to no service."""

from __future__ import annotations

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render


def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session; a GET asks first, so that no other page can do it."""
    if request.method == "POST":
        logout(request)
        return redirect("/")
    return render(request, "site/sign_out.html", {"title": "Sign out"})
