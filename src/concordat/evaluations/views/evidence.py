"""Pages to rate an evaluation, and to state what it found."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from concordat.evaluations import actions, queries
from concordat.evaluations.forms.evidence import ChangeForm, FindingForm, assessment_form
from concordat.evaluations.models import Assessment, Evaluation, Finding
from concordat.evaluations.rules.evidence.scales import SCALES
from concordat.evaluations.views.evaluations import status_of
from concordat.kernel.deeds.act import offered
from concordat.kernel.doors.actors import ActorRequest
from concordat.kernel.doors.forms import add_errors
from concordat.kernel.doors.verbs import take
from concordat.kernel.refusals import Invalid, NotAllowed, NotVisible

_MOST = 2**63 - 1


def _ask(
    request: ActorRequest, title: str, caption: str, form: Any, back: str, save: Callable[[], Any]
) -> HttpResponse:
    """One form: show it, and once it is answered do `save` and go to where that leads."""
    if request.method == "POST" and form.is_valid():
        try:
            made = save()
        except Invalid as refusal:
            add_errors(form, refusal)
        else:
            messages.success(request, "Saved.")
            return redirect(made)
    context = {"title": title, "caption": caption, "form": form, "back": back}
    return render(request, "doors/form.html", context, status=status_of(form))


def choose_scale(request: ActorRequest, reference: str) -> HttpResponse:
    """Which scale to rate an evaluation on."""
    found = _rated(request, reference)
    context = {
        "title": "Rate this evaluation",
        "caption": found.title,
        "scales": SCALES,
        "record": found,
        "back": found.inside_url(),
    }
    return render(request, "evaluations/choose_scale.html", context)


def _rated(request: ActorRequest, reference: str) -> Evaluation:
    found = queries.evaluation(request.actor, reference)
    if not queries.may_assess(request.actor, found):
        raise NotAllowed
    return found


def new_assessment(request: ActorRequest, reference: str, scale: str) -> HttpResponse:
    """Fill in the checklist of a scale; the draft is the assessor's alone."""
    found = _rated(request, reference)
    if scale not in SCALES:
        raise NotVisible
    form: Any = assessment_form(scale)(request.POST or None)

    def save() -> str:
        values = {"scale": scale, **form.values()}
        return actions.draft_assessment(request.actor, found, values).inside_url()

    back = f"{found.inside_url()}/assessments/new"
    return _ask(request, SCALES[scale].name, found.title, form, back, save)


def _assessment(request: ActorRequest, reference: str, pk: int) -> Assessment:
    found = queries.evaluation(request.actor, reference)
    return queries.assessment(request.actor, found, min(pk, _MOST))


def assessment(request: ActorRequest, reference: str, pk: int) -> HttpResponse:
    """One assessment: its answers, its score with the reasons, and what the reader may do."""
    found = _assessment(request, reference, pk)
    buttons = [
        {
            "label": transition.text,
            "href": f"{found.inside_url()}/{transition.verb}",
            "main": transition.main,
        }
        for transition in offered(request.actor, found)
    ]
    context = {
        "title": str(found),
        "assessment": found,
        "record": found.evaluation,
        "buttons": buttons,
        "answers": queries.answer_rows(found),
        "back": found.evaluation.inside_url(),
    }
    return render(request, "evaluations/assessment_inside.html", context)


def assessment_verb(request: ActorRequest, reference: str, pk: int, verb: str) -> HttpResponse:
    """Answer otherwise, publish, cancel or withdraw."""
    found = _assessment(request, reference, pk)
    if verb != "edit":
        back = found.evaluation.inside_url()
        return take(request, found, verb, _performing(verb), back=back)
    if verb not in {transition.verb for transition in offered(request.actor, found)}:
        raise NotAllowed
    initial = {**found.answers, "remarks": found.remarks}
    form: Any = assessment_form(found.scale)(request.POST or None, initial=initial)

    def save() -> str:
        return actions.edit_assessment(request.actor, found, form.values()).inside_url()

    title, caption = found.rated_on.name, found.evaluation.title
    return _ask(request, title, caption, form, found.inside_url(), save)


def _performing(verb: str) -> Callable[..., Any]:
    def perform(actor: Any, record: Any, **options: Any) -> Any:
        return actions.perform(actor, record, verb, **options)

    return perform


def new_finding(request: ActorRequest, reference: str) -> HttpResponse:
    """State what was found of one outcome."""
    found = queries.evaluation(request.actor, reference)
    if not queries.may_state(request.actor, found):
        raise NotAllowed
    told = _promised(request, found)
    form = FindingForm(request.POST or None, initial={"interval_level": 95}, **told)

    def save() -> str:
        actions.draft_finding(request.actor, found, form.cleaned_data)
        return found.inside_url()

    return _ask(request, "Add a finding", found.title, form, found.inside_url(), save)


def _promised(request: ActorRequest, found: Evaluation) -> dict[str, Any]:
    """The outcomes and the reports that a finding may be of."""
    outcomes, reports = found.plan.get("outcomes", []), queries.reports(request.actor, found)
    return {"outcomes": outcomes, "reports": reports}


def _finding(request: ActorRequest, reference: str, pk: int) -> Finding:
    found = queries.evaluation(request.actor, reference)
    return queries.finding(request.actor, found, min(pk, _MOST))


def finding(request: ActorRequest, reference: str, pk: int) -> HttpResponse:
    """State a finding otherwise."""
    found = _finding(request, reference, pk)
    if not queries.may_state(request.actor, found.evaluation):
        raise NotAllowed
    initial = {name: getattr(found, name) for name in Finding.FIELDS}
    told = _promised(request, found.evaluation)
    form = ChangeForm(request.POST or None, initial=initial, **told)

    def save() -> str:
        values = dict(form.cleaned_data)
        actions.edit_finding(request.actor, found, values, note=values.pop("note"))
        return found.evaluation.inside_url()

    back = found.evaluation.inside_url()
    return _ask(request, "Change a finding", found.evaluation.title, form, back, save)


def remove_finding(request: ActorRequest, reference: str, pk: int) -> HttpResponse:
    """Take a finding back, saying why."""
    found = _finding(request, reference, pk)
    back = found.evaluation.inside_url()
    return take(request, found, "remove", _performing("remove"), back=back)
