"""Pages of the data plane, for people who have signed in."""

from __future__ import annotations

import json
from datetime import timedelta

from django.conf import settings
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from concordat.kernel.administration.actions import issue_token
from concordat.kernel.doors.actors import ActorRequest
from concordat.kernel.doors.records import record_page
from concordat.kernel.doors.tables import Column, Table
from concordat.tables import queries


def tables(request: ActorRequest) -> HttpResponseBase:
    """The stored tables the reader may see."""
    columns = [
        Column("title", "Title", link=lambda t: t.inside_url(), sort="title"),
        Column("owner.name", "Organisation", sort="owner__name"),
        Column("latest.rows", "Rows", numeric=True),
        Column("latest.number", "Version", numeric=True),
        Column("status", "Status", show=lambda t: t.state.label, sort="status"),
    ]
    table = Table(
        columns,
        queries.tables(request.actor),
        name="tables",
        noun=("table", "tables"),
    )
    return table.respond(request, context={"title": "Stored tables"})


def table(request: ActorRequest, reference: str) -> HttpResponse:
    """One stored table: its columns and its loads."""
    actor = request.actor
    found = queries.table(actor, reference)
    rows = [("Name", found.name), ("Organisation", found.owner.name)]
    context = {
        "title": found.title,
        "record": found,
        "it": record_page(actor, found, rows),
        "versions": queries.versions(actor, found),
        "back": "/inside/tables",
    }
    return render(request, "tables/table.html", context)


def profile(request: ActorRequest, reference: str) -> HttpResponse:
    """A Delta Sharing profile: a POST makes a token, shown this once in the file."""
    actor = request.actor
    found = queries.share(actor, reference)
    if request.method != "POST":
        context = {"title": "Get a Delta Sharing profile", "share": found}
        return render(request, "tables/profile.html", context)
    ends = min(found.ends_at, timezone.now() + timedelta(days=365))
    secret, token = issue_token(actor, f"Delta profile for {found.basis}", ["deliver"], ends)
    body = {
        "shareCredentialsVersion": 1,
        "endpoint": f"{settings.BASE_URL}/sharing",
        "bearerToken": secret,
        "expirationTime": token.expires_at.isoformat(),
    }
    response = HttpResponse(json.dumps(body, indent=1), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{found.name}.share"'
    return response
