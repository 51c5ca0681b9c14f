"""Pages to draft, edit and decide on data services."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone

from concordat.kernel.doors.actors import ActorRequest
from concordat.kernel.doors.forms import add_errors
from concordat.kernel.doors.records import record_page
from concordat.kernel.doors.tables import Column, Table
from concordat.kernel.doors.verbs import take
from concordat.kernel.organisations.models import Organisation
from concordat.kernel.refusals import Invalid, NotAllowed
from concordat.marketplace import actions, queries
from concordat.marketplace.forms import DataServiceForm, OwnerForm
from concordat.marketplace.queries.rows import resource_rows
from concordat.marketplace.views.catalogue import chosen, performing, status_of, typed, version_of


def data_services(request: ActorRequest) -> HttpResponseBase:
    """Every data service the reader may see."""
    columns = [
        Column("title", "Title", link=lambda s: s.inside_url(), sort="title"),
        Column("owner.name", "Publisher", sort="owner__name"),
        Column("status", "Status", show=lambda s: s.state.label, sort="status"),
        Column("reference", "Reference", link=lambda s: s.inside_url(), sort="reference"),
    ]
    table = Table(
        columns,
        queries.data_services(request.actor),
        name="data-services",
        noun=("data service", "data services"),
    )
    context: dict[str, Any] = {"title": "Data services"}
    if queries.drafting_bodies(request.actor).exists():
        new = {"label": "Describe a new data service", "href": "/inside/data-services/new"}
        context["actions"] = [new]
    return table.respond(request, context=context)


def new_data_service(request: ActorRequest) -> HttpResponse:
    """Describe a data service in the name of one's organisation."""
    bodies = queries.drafting_bodies(request.actor)
    if not bodies:
        raise NotAllowed
    owner = OwnerForm(request.POST or None, bodies=bodies)
    form = DataServiceForm(request.POST or None, initial={"modified_on": timezone.localdate()})
    if request.method == "POST" and owner.is_valid() and form.is_valid():
        try:
            body = owner.cleaned_data["owner"]
            values = _values(request, form, body)
            made = actions.draft_data_service(request.actor, body, values)
        except Invalid as refusal:
            add_errors(form, refusal)
        else:
            messages.success(request, "The draft is saved. Only your organisation can see it.")
            return redirect(made.inside_url())
    context = {
        "title": "Describe a new data service",
        "form": form,
        "owner_form": owner,
        "back": "/inside/data-services",
    }
    return render(request, "marketplace/dataset_form.html", context, status=status_of(form))


def _values(request: ActorRequest, form: DataServiceForm, owner: Organisation) -> dict[str, Any]:
    """What was typed, with datasets in the place of their references. Raises Unknown."""
    serves = queries.datasets_named(request.actor, form.cleaned_data["serves"], "serves")
    return {**chosen(request, form, owner), "serves": serves}


def edit_data_service(request: ActorRequest, reference: str) -> HttpResponse:
    """Change a draft, or amend what is published."""
    found = queries.data_service(request.actor, reference)
    initial = typed(found)
    initial["serves"] = [each.reference for each in queries.served(request.actor, found)]
    form = DataServiceForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        edits = found.status == "draft"
        verb = actions.edit_data_service if edits else actions.amend_data_service
        try:
            values = _values(request, form, found.owner)
            verb(request.actor, found, values, expected=version_of(request))
        except Invalid as refusal:
            add_errors(form, refusal)
        else:
            messages.success(request, "Saved.")
            return redirect(found.inside_url())
    context = {
        "title": f"Edit {found.title}",
        "form": form,
        "version": found.version,
        "back": found.inside_url(),
    }
    return render(request, "doors/form.html", context, status=status_of(form))


def data_service(request: ActorRequest, reference: str) -> HttpResponse:
    """One data service."""
    found = queries.data_service(request.actor, reference)
    served = [f"{each.title} ({each.reference})" for each in queries.served(request.actor, found)]
    rows = [*resource_rows(found), ("Datasets that it gives", served)]
    context = {
        "title": found.title,
        "it": record_page(request.actor, found, rows),
        "back": "/inside/data-services",
    }
    return render(request, "doors/record.html", context)


def data_service_verb(request: ActorRequest, reference: str, verb: str) -> HttpResponse:
    """Take a verb of the lifecycle."""
    found = queries.data_service(request.actor, reference)
    name = verb.replace("-", "_")
    if name in ("edit", "amend"):
        return redirect(f"{found.inside_url()}/description")
    return take(request, found, name, performing(name))
