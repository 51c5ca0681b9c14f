"""Pages to ask for an exemption, to decide on one, and to say why results are late."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from concordat.evaluations import actions, queries
from concordat.evaluations.forms.clocks import ExemptionForm, LatenessForm
from concordat.evaluations.models import Evaluation, Exemption
from concordat.evaluations.views.evaluations import status_of
from concordat.kernel.deeds.act import offered
from concordat.kernel.doors.actors import ActorRequest
from concordat.kernel.doors.fields import rows_of
from concordat.kernel.doors.forms import add_errors
from concordat.kernel.doors.verbs import take
from concordat.kernel.refusals import Invalid, NotAllowed, NotVisible

_MOST = 2**63 - 1


def _may(request: ActorRequest, found: Evaluation, end: str) -> None:
    """Raises NotAllowed unless the clock offers the reader what ends in `end`."""
    box = queries.clock_box(request.actor, found, timezone.localdate())
    if box is None or end not in {place for _, place in box.links}:
        raise NotAllowed


def _ask(
    request: ActorRequest,
    found: Evaluation,
    form: Any,
    save: Callable[[dict[str, Any]], object],
    done: str,
    **context: str,
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            save(form.cleaned_data)
        except Invalid as refusal:
            add_errors(form, refusal)
        else:
            messages.success(request, done)
            return redirect(found.inside_url())
    told = {"caption": found.title, "form": form, "back": found.inside_url(), **context}
    return render(request, "doors/form.html", told, status=status_of(form))


def new_exemption(request: ActorRequest, reference: str) -> HttpResponse:
    """Ask for leave to publish later."""
    found = queries.evaluation(request.actor, reference)
    _may(request, found, "exemptions/new")
    return _ask(
        request,
        found,
        ExemptionForm(request.POST or None),
        lambda values: actions.ask_exemption(request.actor, found, values),
        "Asked for. Somebody else decides on it.",
        title="Ask for an exemption",
        lead="Until it is granted, nothing changes. Somebody else grants it.",
        button="Ask for it",
    )


def lateness(request: ActorRequest, reference: str) -> HttpResponse:
    """Say why results are late."""
    found = queries.evaluation(request.actor, reference)
    _may(request, found, "lateness")
    return _ask(
        request,
        found,
        LatenessForm(request.POST or None),
        lambda values: actions.say_why_late(request.actor, found, values),
        "Saved. The tracker shows it.",
        title="Say why it is late",
        lead="It answers whoever asked, and stands in the public tracker.",
        button="Save",
    )


def _exemption(request: ActorRequest, reference: str, pk: int) -> Exemption:
    found = queries.evaluation(request.actor, reference)
    one = queries.exemptions(request.actor, found).filter(pk=min(pk, _MOST)).first()
    if one is None:
        raise NotVisible
    return one


def exemption(request: ActorRequest, reference: str, pk: int) -> HttpResponse:
    """One exemption, with what the reader may do."""
    one = _exemption(request, reference, pk)
    place = f"{one.evaluation.inside_url()}/exemptions/{one.pk}"
    context = {
        "title": "Exemption",
        "record": one.evaluation,
        "exemption": one,
        "rows": rows_of(
            one, [*Exemption.FIELDS, "granted_on", "approver", "ended_on"], empty=False
        ),
        "buttons": [
            {"label": t.text, "href": f"{place}/{t.verb}", "main": t.main}
            for t in offered(request.actor, one)
        ],
        "back": one.evaluation.inside_url(),
    }
    return render(request, "evaluations/exemption_inside.html", context)


def exemption_verb(request: ActorRequest, reference: str, pk: int, verb: str) -> HttpResponse:
    """Grant, refuse or end it."""
    one = _exemption(request, reference, pk)

    def perform(actor: Any, record: Exemption, **options: Any) -> Any:
        return actions.perform(actor, record, verb, **options)

    back = f"{one.evaluation.inside_url()}/exemptions/{one.pk}"
    return take(request, one, verb, perform, back=back)
