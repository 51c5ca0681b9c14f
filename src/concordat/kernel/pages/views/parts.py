"""What the pages of this room share."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render

from concordat.kernel.access import SCOPES
from concordat.kernel.doors.actors import ActorRequest
from concordat.kernel.doors.schemas import MOST_ID
from concordat.kernel.refusals import NotVisible


def one(rows: QuerySet[Any], pk: int) -> Any:
    """The row with this id among those the reader may see. Raises NotVisible."""
    found = rows.filter(pk=min(pk, MOST_ID)).first()
    if found is None:
        raise NotVisible
    return found


def scope_words(holder: Any) -> list[str]:
    """What a token or a client may be used for, in words."""
    return [SCOPES.get(scope, scope) for scope in holder.scopes]


def status_of(form: forms.BaseForm) -> int:
    """200, or 422 for a form that was sent with mistakes."""
    return 422 if form.is_bound and form.errors else 200


def version_of(request: ActorRequest) -> int | None:
    """The version of the row that the form was filled in for."""
    sent = request.POST.get("version", "")
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 10 else None


def secret_page(
    request: ActorRequest, title: str, secret: str, back: str, onward: str, about: str = ""
) -> HttpResponse:
    """A secret, shown this once, on a page that no cache keeps."""
    context = {"title": title, "secret": secret, "back": back, "onward": onward, "about": about}
    response = render(request, "pages/secret.html", context)
    response["Cache-Control"] = "no-store"
    return response
