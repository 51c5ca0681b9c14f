"""Pages to add recommendations, respond to them and say what changed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from concordat.evaluations import actions, queries
from concordat.evaluations.forms import recommendations as forms
from concordat.evaluations.models import Recommendation
from concordat.evaluations.policy import Can
from concordat.evaluations.views.evaluations import status_of
from concordat.kernel.doors.actors import ActorRequest
from concordat.kernel.doors.forms import add_errors
from concordat.kernel.doors.tables import Column, Table
from concordat.kernel.doors.verbs import take
from concordat.kernel.organisations.queries import of_slug
from concordat.kernel.refusals import Invalid, NotAllowed


def recommendations(request: ActorRequest) -> HttpResponseBase:
    """What is recommended to the reader's bodies, or by their evaluations, and waits for something."""
    columns = [
        Column("text", "Recommendation"),
        Column(
            "evaluation.title",
            "Evaluation",
            link=lambda r: r.evaluation.inside_url() + r.anchor,
        ),
        Column("addressee.name", "To", sort="addressee__name"),
        Column("stands", "How it stands", value=lambda r: r.stands_in_words),
        Column("response_due", "Response due", sort="response_due"),
    ]
    table = Table(
        columns,
        queries.waiting_recommendations(request.actor),
        name="recommendations",
        noun=("recommendation", "recommendations"),
    )
    everything = {"label": "Everything that is public", "href": "/evaluations/recommendations"}
    lead = "Those to your bodies, or from evaluations that they lead, that are not done."
    context = {"title": "Recommendations", "lead": lead, "actions": [everything]}
    return table.respond(request, context=context)


def new_recommendation(request: ActorRequest, reference: str) -> HttpResponse:
    """One more recommendation of an evaluation."""
    found = queries.evaluation(request.actor, reference)
    if found.owner_id not in request.actor.bodies(Can.RECOMMENDATION_ADD):
        raise NotAllowed
    form = forms.RecommendationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        try:
            slug = values.pop("addressee").strip()
            values["addressee"] = of_slug(request.actor, slug, "addressee") if slug else None
            actions.add_recommendation(request.actor, found, values)
        except Invalid as refusal:
            add_errors(form, refusal)
        else:
            messages.success(request, "Added.")
            return redirect(f"{found.inside_url()}#recommendations")
    context = {
        "title": "Add a recommendation",
        "caption": found.title,
        "form": form,
        "back": found.inside_url(),
    }
    return render(request, "doors/form.html", context, status=status_of(form))


def recommendation_verb(request: ActorRequest, pk: int, verb: str) -> HttpResponse:
    """Edit, respond to, finish or remove a recommendation."""
    found = queries.recommendation(request.actor, min(pk, 2**31))
    form, perform = _FORMS.get(verb, (None, None))
    options = {"initial": _initial(found)} if verb in ("edit", "respond") else {}

    def plainly(actor: Any, row: Recommendation, **told: Any) -> Any:
        return actions.perform(actor, row, verb, **told)

    return take(
        request,
        found,
        verb,
        perform or plainly,
        form_class=form,
        form_options=options,
        lead=found.text,
        back=f"{found.evaluation.inside_url()}#recommendations",
    )


def _initial(found: Recommendation) -> dict[str, Any]:
    return {name: getattr(found, name) for name in found.FIELDS}


def _edit(actor: Any, found: Recommendation, *, expected: int | None, **values: Any) -> Any:
    return actions.edit_recommendation(actor, found, values, expected)


def _respond(actor: Any, found: Recommendation, **told: Any) -> Any:
    return actions.respond_recommendation(actor, found, **told)


def _finish(actor: Any, found: Recommendation, **told: Any) -> Any:
    return actions.finish_recommendation(actor, found, **told)


_FORMS: dict[str, tuple[Any, Any]] = {
    "edit": (forms.RecommendationEditForm, _edit),
    "respond": (forms.ResponseForm, _respond),
    "finish": (forms.FinishForm, _finish),
}
