"""Pages to draft, edit and decide on datasets and data services."""

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
from concordat.kernel.organisations.queries import of_slug
from concordat.kernel.refusals import Invalid, NotAllowed
from concordat.marketplace import actions, queries
from concordat.marketplace.forms import DatasetForm, OwnerForm
from concordat.marketplace.models import DataService, Dataset
from concordat.marketplace.queries.rows import resource_rows

_STATUS = Column("status", "Status", show=lambda r: r.state.label, sort="status")
_REFERENCE = Column("reference", "Reference", link=lambda r: r.inside_url(), sort="reference")


def datasets(request: ActorRequest) -> HttpResponseBase:
    """Every dataset the reader may see."""
    columns = [
        Column("title", "Title", link=lambda d: d.inside_url(), sort="title"),
        Column("owner.name", "Publisher", sort="owner__name"),
        _STATUS,
        Column("modified_on", "Modified", sort="modified_on"),
        _REFERENCE,
    ]
    table = Table(
        columns,
        queries.datasets(request.actor),
        name="datasets",
        noun=("dataset", "datasets"),
    )
    context: dict[str, Any] = {"title": "Datasets"}
    if queries.drafting_bodies(request.actor).exists():
        context["actions"] = [{"label": "Describe a new dataset", "href": "/inside/datasets/new"}]
    return table.respond(request, context=context)


def new_dataset(request: ActorRequest) -> HttpResponse:
    """Describe a dataset in the name of one's organisation."""
    bodies = queries.drafting_bodies(request.actor)
    if not bodies:
        raise NotAllowed
    owner = OwnerForm(request.POST or None, bodies=bodies)
    form = DatasetForm(request.POST or None, initial={"modified_on": timezone.localdate()})
    if request.method == "POST" and owner.is_valid() and form.is_valid():
        try:
            body = owner.cleaned_data["owner"]
            made = actions.draft_dataset(request.actor, body, chosen(request, form, body))
        except Invalid as refusal:
            add_errors(form, refusal)
        else:
            messages.success(request, "The draft is saved. Only your organisation can see it.")
            return redirect(made.inside_url())
    context = {"title": "Describe a new dataset", "form": form, "owner_form": owner}
    return render(request, "marketplace/dataset_form.html", context, status=status_of(form))


def edit_dataset(request: ActorRequest, reference: str) -> HttpResponse:
    """Change a draft, or amend what is published."""
    dataset = queries.dataset(request.actor, reference)
    form = DatasetForm(request.POST or None, initial=typed(dataset))
    if request.method == "POST" and form.is_valid():
        verb = actions.edit_dataset if dataset.status == "draft" else actions.amend_dataset
        try:
            values = chosen(request, form, dataset.owner)
            verb(request.actor, dataset, values, expected=version_of(request))
        except Invalid as refusal:
            add_errors(form, refusal)
        else:
            messages.success(request, "Saved.")
            return redirect(dataset.inside_url())
    context = {
        "title": f"Edit {dataset.title}",
        "form": form,
        "version": dataset.version,
        "back": dataset.inside_url(),
    }
    return render(request, "doors/form.html", context, status=status_of(form))


def chosen(request: ActorRequest, form: Any, owner: Organisation) -> dict[str, Any]:
    """What was typed, with organisations in the place of their slugs. Raises Unknown."""
    slugs = form.cleaned_data["creators"]
    creators = [of_slug(request.actor, slug, "creators") for slug in slugs]
    return {**form.cleaned_data, "creators": creators or [owner]}


def typed(found: Dataset | DataService) -> dict[str, Any]:
    """What a form about a record begins with."""
    creators = [creator.slug for creator in found.creators.all()]
    return {**{name: getattr(found, name) for name in found.FIELDS}, "creators": creators}


def version_of(request: ActorRequest) -> int | None:
    """The version that the form was filled in from."""
    sent = request.POST.get("version", "")
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 10 else None


def status_of(form: Any) -> int:
    """The answer's status: 422 when what was sent needs mending."""
    return 422 if form.is_bound and form.errors else 200


def dataset(request: ActorRequest, reference: str) -> HttpResponse:
    """One dataset, with what the reader may do."""
    found = queries.dataset(request.actor, reference)
    context = {
        "title": found.title,
        "record": found,
        "it": record_page(request.actor, found, resource_rows(found)),
        "distributions": queries.distributions(request.actor, found),
        "may_ask": _may_ask(request, found),
        "may_describe": queries.may_describe(request.actor, found),
        "back": "/inside/datasets",
    }
    return render(request, "marketplace/dataset_inside.html", context)


def _may_ask(request: ActorRequest, found: Dataset) -> bool:
    if found.status != "published" or not queries.can_be_asked_for(request.actor, found):
        return False
    return queries.asking_bodies(request.actor).exclude(pk=found.owner_id).exists()


def dataset_verb(request: ActorRequest, reference: str, verb: str) -> HttpResponse:
    """Take a verb of the lifecycle."""
    found = queries.dataset(request.actor, reference)
    name = verb.replace("-", "_")
    if name in ("edit", "amend"):
        return redirect(f"{found.inside_url()}/description")
    return take(request, found, name, performing(name))


def performing(verb: str) -> Any:
    """The action that takes a verb which needs nothing more."""

    def perform(actor: Any, record: Any, **options: Any) -> Any:
        return actions.perform(actor, record, verb, **options)

    return perform
