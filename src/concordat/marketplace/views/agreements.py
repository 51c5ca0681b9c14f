"""Pages of agreements, for their two sides."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from markupsafe import Markup

from concordat.kernel.doors.actors import ActorRequest
from concordat.kernel.doors.charts import line_chart
from concordat.kernel.doors.records import record_page
from concordat.kernel.doors.tables import Column, Table
from concordat.kernel.doors.verbs import take
from concordat.marketplace import actions, queries
from concordat.marketplace.queries.rows import register_rows
from concordat.tables.queries import deliveries, may_read, reads_by_day, share_of

_SIGNING = (
    "You sign for your organisation, which is then bound by the document on the agreement’s page: "
    "{it.owner} lets {it.acquirer} use the data from {it.starts_on:%-d %B %Y} until "
    "{it.ends_on:%-d %B %Y}, for that purpose, those columns and those rows alone. What you sign has "
    "the hash {it.digest}."
)
_LEADS = {
    "sign": _SIGNING,
    "countersign": f"{_SIGNING} It is in force as soon as you have signed.",
    "revoke": "Delivery stops at once, also of what is being read now. It cannot be taken back.",
    "close": "Delivery stops at once, also of what is being read now. It cannot be taken back.",
}


def agreements(request: ActorRequest) -> HttpResponseBase:
    """The agreements of the reader's organisations."""
    columns = [
        Column("reference", "Reference", link=lambda a: a.inside_url(), sort="reference"),
        Column("title", "Project", sort="title"),
        Column("owner.name", "Supplier", sort="owner__name"),
        Column("acquirer.name", "Acquirer", sort="acquirer__name"),
        Column("status", "Status", show=lambda a: a.state.label, sort="status"),
        Column("ends_on", "Until", sort="ends_on"),
    ]
    table = Table(
        columns,
        queries.agreements(request.actor),
        name="agreements",
        noun=("agreement", "agreements"),
    )
    return table.respond(request, context={"title": "Agreements"})


def agreement(request: ActorRequest, reference: str) -> HttpResponse:
    """One agreement: the document, the policy it is, who signed, how to get the data."""
    found = queries.agreement(request.actor, reference)
    share = share_of(request.actor, found.reference)
    context = {
        "title": f"Agreement {found.reference}",
        "record": found,
        "it": record_page(request.actor, found, register_rows(found)),
        "document": Markup(found.document),  # noqa: S704 - made by agreement_html, which escapes
        "share": share,
        "now": timezone.now(),
        "may_read": share is not None and may_read(request.actor, share),
        "deliveries": deliveries(request.actor, share)[:20] if share else [],
        "reads": _reads(request, share),
        "back": "/inside/agreements",
    }
    return render(request, "marketplace/agreement.html", context)


def _reads(request: ActorRequest, share: Any) -> Markup | str:
    """How often the data was read on each of the last fourteen days; "" where it never was."""
    counted = reads_by_day(request.actor, share) if share else []
    if not any(reads for _, reads in counted):
        return ""
    steps = [(f"{day.day} {day:%b}", reads) for day, reads in counted]
    return line_chart("Reads in the last fourteen days", {"Reads": steps}, head="Day")


def policy(request: ActorRequest, reference: str) -> HttpResponse:
    """The structured policy, under the hash that both sides signed."""
    found = queries.agreement(request.actor, reference)
    return JsonResponse({"digest": found.digest, "policy": found.policy})


def odrl(request: ActorRequest, reference: str) -> HttpResponse:
    """The same policy as ODRL, in JSON-LD."""
    told = queries.odrl(request.actor, reference, request.build_absolute_uri("/").rstrip("/"))
    return JsonResponse(told, content_type="application/ld+json")


def agreement_verb(request: ActorRequest, reference: str, verb: str) -> HttpResponse:
    """Take a verb of the lifecycle: sign, countersign, decline, revoke, close."""
    found = queries.agreement(request.actor, reference)
    name = verb.replace("-", "_")

    def perform(actor: Any, record: Any, **options: Any) -> Any:
        return actions.perform(actor, record, name, **options)

    lead = _LEADS[name].format(it=found) if name in _LEADS else ""
    return take(request, found, name, perform, lead=lead)
