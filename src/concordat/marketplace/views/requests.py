"""Pages to ask for data, and to answer."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from concordat.kernel.clocks import days_by_side
from concordat.kernel.doors.actors import ActorRequest
from concordat.kernel.doors.drafts import draft_store
from concordat.kernel.doors.journeys import CHECK, Journey, Step, Store
from concordat.kernel.doors.records import record_page
from concordat.kernel.doors.tables import Column, Table
from concordat.kernel.doors.verbs import take
from concordat.kernel.refusals import NotAllowed, WrongState
from concordat.marketplace import actions, queries
from concordat.marketplace import forms as steps
from concordat.marketplace.models import ShareRequest
from concordat.marketplace.policy import Can
from concordat.marketplace.queries.rows import clauses_of, differences, request_rows

JOURNEY = Journey(
    "Ask for data",
    [
        Step("table", "Which table do you need?", steps.TableStep),
        Step("purpose", "What is it for?", steps.PurposeStep),
        Step("columns", "Which columns and rows?", steps.ColumnsStep),
        Step("exact", "How exact must it be?", steps.ExactStep),
        Step("data-types", "Is the data about people?", steps.DataTypesStep),
        Step("law", "Under which law?", steps.LawStep),
        Step("who", "Who reads it, and from where?", steps.WhoStep),
        Step("time", "For how long?", steps.TimeStep),
    ],
    confirm="Send the request",
    check_template="marketplace/check_request.html",
)

_ASKED = ("distribution", *ShareRequest.FIELDS)
_NARROWING = (
    "Offer less than was asked: whoever asked sees what you change before they sign, and an "
    "agreement is made of what you offer. You cannot give more than was asked."
)
_ACCEPTING = (
    "An agreement is made from the request, with exactly these terms and the conditions that you "
    "set. Nothing is delivered before "
    "the signatories of both organisations have signed it."
)


def home(request: ActorRequest) -> HttpResponse:
    """What waits for the reader."""
    waiting = queries.waiting_for(request.actor)
    context = {"title": "Waiting for you", "waiting": waiting}
    return render(request, "marketplace/home.html", context)


def requests(request: ActorRequest) -> HttpResponseBase:
    """The requests of both sides that the reader may see."""
    columns = [
        Column("reference", "Reference", link=lambda r: r.inside_url(), sort="reference"),
        Column("dataset.title", "Dataset", sort="dataset__title"),
        Column("owner.name", "Asked by", sort="owner__name"),
        Column("supplier.name", "Asked of", sort="supplier__name"),
        Column("status", "Status", show=lambda r: r.state.label, sort="status"),
        Column("due_at", "Due", sort="due_at"),
    ]
    table = Table(
        columns,
        queries.requests(request.actor),
        name="share-requests",
        noun=("share request", "share requests"),
    )
    return table.respond(request, context={"title": "Share requests"})


def new_request(request: ActorRequest, reference: str) -> HttpResponse:
    """Begin a request for a dataset, in the name of one's organisation."""
    dataset = queries.dataset(request.actor, reference)
    bodies = queries.asking_bodies(request.actor).exclude(pk=dataset.owner_id)
    if not bodies:
        raise NotAllowed
    form = steps.OwnerForm(request.POST or None, bodies=bodies)
    if request.method == "POST" and form.is_valid():
        owner = form.cleaned_data["owner"]
        draft = actions.draft_request(request.actor, owner, dataset, {})
        return redirect(_address(draft, JOURNEY.steps[0].name))
    context = {
        "title": f"Ask for {dataset.title}",
        "lead": f"{dataset.owner.name} answers. Nobody sees your request until you send it.",
        "form": form,
        "button": "Start",
        "back": dataset.inside_url(),
    }
    return render(request, "doors/form.html", context)


def _address(draft: ShareRequest, step: str) -> str:
    return f"{draft.inside_url()}/ask/{step}"


def ask(request: ActorRequest, reference: str, step: str) -> HttpResponse:
    """One step of the request, or “check your answers”."""
    draft = queries.request(request.actor, reference)
    if draft.status not in ("draft", "returned"):
        raise WrongState("This request has been sent; it can be changed when it is returned.")

    def finish(_answers: dict[str, Any]) -> HttpResponse:
        actions.perform(request.actor, draft, "submit")
        messages.success(request, f"Sent to {draft.supplier.name}. The clock is now with them.")
        return redirect(draft.inside_url())

    return JOURNEY.respond(
        request,
        step,
        store=_store(request, draft),
        address=lambda name: _address(draft, name),
        finish=finish,
        options={"draft": draft},
        context={
            "back": draft.inside_url(),
            "clauses": clauses_of(draft) if step == CHECK else [],
        },
    )


def _store(request: ActorRequest, draft: ShareRequest) -> Store:
    """The answers live in the draft's own fields."""

    def value(name: str, field: Any) -> Any:
        kept: Any = ShareRequest._meta.get_field(name) if name in _ASKED else None
        return kept.value_from_object(draft) if kept is not None else field.initial

    def write(answers: dict[str, Any]) -> None:
        changed = {name: answer for name, answer in answers.items() if name in _ASKED}
        if "columns" in changed and "masks" not in changed:  # what is not asked for has no mask
            masks = {c: words for c, words in draft.masks.items() if c in changed["columns"]}
            changed["masks"] = masks
        if changed:
            kept = actions.edit_request(request.actor, draft, changed)
            draft.__dict__.update(kept.__dict__)

    return draft_store(JOURNEY, options={"draft": draft}, value=value, write=write)


def share_request(request: ActorRequest, reference: str) -> HttpResponse:
    """One request: what it asks, whose turn it is, what happened."""
    found = queries.request(request.actor, reference)
    context = {
        "title": found.title or found.reference,
        "record": found,
        "it": record_page(request.actor, found, request_rows(found)),
        "days": {_body_on(found, side): days for side, days in days_by_side(found).items()},
        "returned": queries.return_note(request.actor, found),
        "agreement": getattr(found, "agreement", None),
        "clauses": clauses_of(found),
        "differences": differences(found),
        "asker": found.owner_id in request.actor.bodies(Can.SHARE_REQUEST_SEE),
        "back": "/inside/share-requests",
    }
    return render(request, "marketplace/share_request.html", context)


def _body_on(found: ShareRequest, side: str) -> str:
    stands = getattr(found, found.side_field(side) or "", None)
    return stands.name if stands is not None else side


def share_request_verb(request: ActorRequest, reference: str, verb: str) -> HttpResponse:
    """Take a verb of the lifecycle."""
    found = queries.request(request.actor, reference)
    name = verb.replace("-", "_")
    if name in ("edit", "submit") and request.method == "GET":
        return redirect(_address(found, "check"))

    def perform(actor: Any, record: ShareRequest, **options: Any) -> Any:
        return actions.perform(actor, record, name, **options)

    if name == "narrow":
        return _narrow(request, found)
    lead = _ACCEPTING if name == "accept" else ""
    return take(request, found, name, perform, lead=lead)


def _narrow(request: ActorRequest, found: ShareRequest) -> HttpResponse:
    """The page on which a supplier sets conditions."""

    def perform(actor: Any, record: ShareRequest, **options: Any) -> Any:
        told = {name: options.pop(name) for name in ("note", "expected") if name in options}
        return actions.narrow_request(actor, record, options, **told)

    return take(
        request,
        found,
        "narrow",
        perform,
        form_class=steps.ConditionsForm,
        form_options={"asked": found},
        lead=_NARROWING,
    )
