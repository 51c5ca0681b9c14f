"""Pages to settle what was reported of what was promised."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render

from concordat.evaluations import actions, queries
from concordat.evaluations.models import Evaluation, Finding
from concordat.evaluations.queries.promises import comparison
from concordat.kernel.doors.actors import ActorRequest
from concordat.kernel.doors.forms import Form
from concordat.kernel.doors.verbs import take
from concordat.kernel.refusals import NotVisible

NONE = "none"


def promises(request: ActorRequest, reference: str) -> HttpResponse:
    """The comparison, with what the reader may settle."""
    found = queries.evaluation(request.actor, reference)
    context = {
        "title": f"Promised and reported: {found.title}",
        "record": found,
        "comparison": comparison(request.actor, found),
        "edit": found.inside_url() if queries.may_state(request.actor, found) else "",
        "back": found.inside_url(),
    }
    return render(request, "evaluations/promises.html", context)


class MatchForm(Form):
    """Which outcome of the plan."""

    outcome_id = forms.ChoiceField(
        label="Which outcome of the plan is it?",
        widget=forms.RadioSelect,
        error_messages={"required": "Select an outcome of the plan, or none of them"},
    )

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["outcome_id"].choices = [  # type: ignore[attr-defined]
            *choices,
            (NONE, "None of them: the plan did not promise it"),
        ]


def match(request: ActorRequest, reference: str, pk: int) -> HttpResponse:
    """Say which outcome of the plan a finding is."""
    found = queries.evaluation(request.actor, reference)
    one = queries.findings(request.actor, evaluation=found.reference).filter(pk=pk).first()
    if one is None:
        raise NotVisible
    promised = {
        row.promise.id: row.promise.name
        for row in comparison(request.actor, found).before_data
        if row.promise
    }
    return take(
        request,
        one,
        "match",
        _match,
        form_class=MatchForm,
        form_options={"choices": list(promised.items())},
        lead=f"The report says “{one.outcome}”.",
        back=f"{found.inside_url()}/promises",
    )


def _match(actor: Any, one: Finding, *, outcome_id: str, expected: int | None) -> Finding:
    named = "" if outcome_id == NONE else outcome_id
    return actions.match_finding(actor, one, named, expected=expected)


class ReplyForm(Form):
    """What the body says."""

    reply = forms.CharField(
        label="What do you say of the comparison?",
        widget=forms.Textarea,
        max_length=4000,
        required=False,
        help_text="Everyone reads it beside the table",
    )


def reply(request: ActorRequest, reference: str) -> HttpResponse:
    """Reply to the comparison."""
    found = queries.evaluation(request.actor, reference)
    return take(
        request,
        found,
        "reply",
        _reply,
        form_class=ReplyForm,
        form_options={"initial": {"reply": found.reply}},
        back=f"{found.inside_url()}/promises",
    )


def _reply(actor: Any, found: Evaluation, *, reply: str, expected: int | None) -> Evaluation:
    return actions.reply_to_comparison(actor, found, reply, expected=expected)
