"""What an evaluation promised beside what it reported, for anyone."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from concordat.evaluations import queries
from concordat.evaluations.queries.promises import comparison
from concordat.kernel.access import PUBLIC


def promises(request: HttpRequest, reference: str) -> HttpResponse:
    """The comparison, outcome by outcome, with the versions that it stands on."""
    found = queries.evaluation(PUBLIC, reference)
    context = {
        "title": f"Promised and reported: {found.title}",
        "record": found,
        "comparison": comparison(PUBLIC, found),
        "edit": "",
        "back": found.get_absolute_url(),
    }
    return render(request, "evaluations/promises.html", context)
