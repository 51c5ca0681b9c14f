"""Pages of shares."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from markupsafe import Markup

from concordat.kernel.access import Actor
from concordat.kernel.administration.actions import issue_token
from concordat.kernel.doors.actors import ActorRequest
from concordat.kernel.doors.charts import line_chart
from concordat.kernel.doors.middleware import client_of
from concordat.kernel.doors.records import record_page
from concordat.kernel.doors.tables import Column, Table
from concordat.kernel.doors.verbs import take
from concordat.kernel.publication.models import find_record
from concordat.kernel.refusals import NotAllowed, NotVisible, WrongState
from concordat.tables import actions, queries
from concordat.tables.forms import PrepareForm
from concordat.tables.models import Share
from concordat.tables.sharing import admit, policy_of, refuse_unless_rows, terms_of
from concordat.tables.sharing.files import checkable

_WAYS = Markup(
    '<a class="govuk-link" href="/inside/shares/{reference}/data.csv">CSV{hidden}</a> '
    '<a class="govuk-link" href="/inside/shares/{reference}/profile">Delta profile{hidden}</a>'
)

_USE = Markup('<a class="govuk-link" href="/inside/use">Use of shared data</a>: who read what')


def shares(request: ActorRequest) -> HttpResponseBase:
    """The shares on a side of which the reader stands, and the way to the data of their own."""
    giving = queries.readable_shares(request.actor).giving_rows()
    readable = set(giving.values_list("pk", flat=True))

    def ways(found: Share) -> Markup:
        if found.pk not in readable:
            return Markup("")
        return _WAYS.format(reference=found.reference, hidden=_hidden(found.table.title))

    columns = [
        Column("reference", "Reference", link=lambda s: s.inside_url(), sort="reference"),
        Column("table.title", "Table", sort="table__title"),
        Column("owner.name", "Supplier", sort="owner__name"),
        Column("recipient.name", "Recipient", sort="recipient__name"),
        Column("status", "Status", show=lambda s: s.state.label, sort="status"),
        Column("last_day", "Until", sort="ends_at"),
    ]
    columns.append(Column("readable", "Get the data", value=lambda s: s.pk in readable, show=ways))
    found = queries.shares(request.actor)
    table = Table(columns, found, name="shares", noun=("share", "shares"))
    return table.respond(request, context={"title": "Shares", "lead": _USE})


def _hidden(title: str) -> Markup:
    """What tells one link from the next to those who hear them."""
    return Markup('<span class="govuk-visually-hidden"> of {}</span>').format(title)


def share(request: ActorRequest, reference: str) -> HttpResponse:
    """One share: what it lets whom read, on what it rests, and how often it was read."""
    actor = request.actor
    found = queries.one_share(actor, reference)
    basis = find_record(actor, found.basis)
    rests = Markup('<a class="govuk-link" href="{}">{}</a>')
    rows = [
        ("Table", found.table.title),
        ("Supplier", found.owner.name),
        ("Recipient", found.recipient.name),
        ("Rests on", rests.format(basis.inside_url(), found.basis) if basis else found.basis),
        ("What it lets them read", policy_of(found).sentence()),
        ("From", found.first_day),
        ("Until", found.last_day),
    ]
    steps = [(f"{d.day} {d:%b}", reads) for d, reads in queries.reads_by_day(actor, found)]
    context = {
        "title": found.title_text,
        "it": record_page(actor, found, rows),
        "reads": line_chart("Reads in the last fourteen days", {"Reads": steps}, head="Day"),
        "back": "/inside/shares",
        "data": _data(actor, found, client_of(request)),
        "may_ask": queries.may_ask(actor, found),
        "flags": [
            (flag, queries.may_settle(actor, flag)) for flag in queries.open_flags(actor, found)
        ],
    }
    return render(request, "tables/share.html", context)


_KINDS = {"csv": "CSV", "jsonl": "JSON lines", "parquet": "Parquet", "arrow": "Arrow stream"}


def _data(actor: Actor, found: Share, address: str) -> list[dict[str, Any]]:
    """Each way to the rows for whoever may read them now, with the file where one is written."""
    if not queries.may_read(actor, found) or policy_of(found).gives != "rows":
        return []
    try:
        admit(found, address)
        terms = terms_of(found)
    except (NotAllowed, WrongState):  # another network, or what was agreed is not in the table
        return []
    ways = []
    for kind, label in _KINDS.items():
        href = f"{found.inside_url()}/data.{kind}"
        ways.append({"label": label, "href": href, "file": checkable(terms, kind)})
    return ways


def prepare(request: ActorRequest, reference: str) -> HttpResponse:
    """Ask for the rows as one file: a job writes it, and the share's page then offers it."""
    found = queries.share(request.actor, reference)
    refuse_unless_rows(found)
    admit(found, client_of(request))
    form = PrepareForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        job = actions.prepare_rows(request.actor, found, form.cleaned_data["kind"])
        return redirect(job.get_absolute_url())
    context = {
        "title": "Prepare a file",
        "caption": found.table.title,
        "lead": "A large table takes a while. The file can then be fetched again where a transfer "
        "broke off, and checked against the sum of its bytes.",
        "form": form,
        "button": "Prepare the file",
        "back": found.inside_url(),
    }
    return render(request, "doors/form.html", context, status=422 if form.errors else 200)


def share_verb(request: ActorRequest, reference: str, verb: str) -> HttpResponse:
    """Take a verb of the lifecycle."""
    if verb not in actions.SHARE_VERBS:
        raise NotVisible
    found = queries.one_share(request.actor, reference)
    return take(request, found, verb, actions.SHARE_VERBS[verb])


def profile(request: ActorRequest, reference: str) -> HttpResponse:
    """A Delta Sharing profile: a POST makes a token, shown this once in the file."""
    actor = request.actor
    found = queries.share(actor, reference)
    if request.method != "POST":
        context = {"title": "Get a Delta Sharing profile", "share": found}
        context["back"] = found.inside_url()
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
