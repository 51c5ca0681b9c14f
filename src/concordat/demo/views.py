"""Signing in as one of the demonstration people: only where the settings say it is a demonstration."""

from __future__ import annotations

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme

from concordat.demo.people import CAST
from concordat.kernel.people.models import Person


def sign_in(request: HttpRequest) -> HttpResponse:
    """Pick one of the people; they have no passwords and do not exist."""
    people = {
        person.email: person
        for person in Person.objects.filter(email__in=[c.email for c in CAST]).select_related(
            "owner"
        )
    }
    chosen = people.get(request.POST.get("person", ""))
    if request.method == "POST" and chosen is not None:
        login(request, chosen, backend="allauth.account.auth_backends.AuthenticationBackend")
        return redirect(_next(request))
    context = {
        "title": "Sign in as somebody",
        "people": [(c, people[c.email]) for c in CAST if c.email in people],
        "next": request.GET.get("next", ""),
        "problems": _problems(request),
    }
    return render(request, "demo/sign_in.html", context, status=422 if context["problems"] else 200)


def _problems(request: HttpRequest) -> list[dict[str, str]]:
    if request.method != "POST":
        return []
    return [{"text": "Choose who you want to be", "href": "#person"}]


def _next(request: HttpRequest) -> str:
    wanted = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()})
    return wanted if safe and wanted.startswith("/") else "/inside"
