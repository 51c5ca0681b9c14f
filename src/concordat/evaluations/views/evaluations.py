"""Pages to register, read and decide on evaluations."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone

from concordat.evaluations import actions, forms, queries
from concordat.evaluations.models import Evaluation
from concordat.evaluations.policy import Can
from concordat.evaluations.queries.dois import doi_state
from concordat.evaluations.queries.rows import (
    date_rows,
    evaluation_rows,
    lacking,
    parts,
    recommended,
)
from concordat.evaluations.rules.happenings import STAGES
from concordat.evaluations.rules.sections import asked_of
from concordat.evaluations.views.journey import first_step
from concordat.kernel.access import may
from concordat.kernel.doors.actors import ActorRequest
from concordat.kernel.doors.forms import add_errors
from concordat.kernel.doors.records import record_page
from concordat.kernel.doors.tables import Column, Table
from concordat.kernel.doors.verbs import take
from concordat.kernel.lifecycle import ANYONE
from concordat.kernel.organisations.queries import of_slug
from concordat.kernel.refusals import Invalid, NotAllowed, Unknown


def evaluations(request: ActorRequest) -> HttpResponseBase:
    """Every evaluation the reader may see."""
    columns = [
        Column("title", "Title", link=lambda e: e.inside_url(), sort="title"),
        Column("owner.name", "Lead body", sort="owner__name"),
        Column("stage", "Stage", show=lambda e: STAGES[e.stage], sort="stage"),
        Column("status", "Status", show=lambda e: e.state.label, sort="status"),
        Column("modified_at", "Changed", sort="modified_at"),
        Column("reference", "Reference", link=lambda e: e.inside_url(), sort="reference"),
    ]
    table = Table(
        columns,
        queries.evaluations(request.actor),
        name="evaluations",
        noun=("evaluation", "evaluations"),
    )
    others = [
        {"label": "Questions", "href": "/inside/evaluations/questions", "main": False},
        {"label": "Recommendations", "href": "/inside/evaluations/recommendations", "main": False},
    ]
    if may(request.actor, Can.PORTFOLIO_LOAD, None, ANYONE):
        others.append(
            {"label": "Major projects", "href": "/inside/evaluations/portfolio", "main": False}
        )
    context: dict[str, Any] = {"title": "Evaluations", "actions": others}
    if queries.drafting_bodies(request.actor).exists():
        new = {"label": "Register an evaluation", "href": "/inside/evaluations/new", "main": True}
        file = {"label": "Bring in a file", "href": "/inside/evaluations/import", "main": False}
        context["actions"] = [new, file, *others]
    return table.respond(request, context=context)


def new_evaluation(request: ActorRequest) -> HttpResponse:
    """Begin an entry: its title and who leads it, and the rest step by step."""
    bodies = queries.drafting_bodies(request.actor)
    if not bodies:
        raise NotAllowed
    form = forms.StartForm(request.POST or None, bodies=bodies)
    if request.method == "POST" and form.is_valid():
        values = {"title": form.cleaned_data["title"]}
        try:
            made = actions.draft_evaluation(request.actor, form.cleaned_data["owner"], values)
        except Invalid as refusal:
            add_errors(form, refusal)
        else:
            messages.success(request, "The draft is saved. Only your organisation can see it.")
            return redirect(first_step(made))
    context = {
        "title": "Register an evaluation",
        "lead": "It takes under ten facts. You can stop at any time and go on later.",
        "form": form,
        "back": "/inside/evaluations",
    }
    return render(request, "doors/form.html", context, status=status_of(form))


def status_of(form: Any) -> int:
    """The answer's status: 422 when what was sent needs mending."""
    return 422 if form.is_bound and form.errors else 200


def evaluation(request: ActorRequest, reference: str) -> HttpResponse:
    """One evaluation, with what the reader may do."""
    found = queries.evaluation(request.actor, reference)
    changes = queries.may_change(request.actor, found)
    context = {
        "title": found.title,
        "record": found,
        "it": record_page(request.actor, found, [*evaluation_rows(found), *_doi(request, found)]),
        "dates": date_rows(found),
        "figures": queries.figures(request.actor, found),
        "clock_box": queries.clock_box(request.actor, found, timezone.localdate()),
        "exemptions": queries.exemptions(request.actor, found),
        "may_state": queries.may_state(request.actor, found),
        "may_assess": queries.may_assess(request.actor, found),
        "parts": parts(queries.read_plan(request.actor, found)),
        "sections": asked_of(found.asked_types) if changes else (),
        "lacking": lacking(found) if changes else [],
        "may_change": changes,
        "versions": queries.versions(request.actor, found),
        "answers": queries.questions_of(request.actor, found),
        "recommended": recommended(request.actor, found),
        "links_questions": bool(request.actor.bodies(Can.QUESTION_LINK_PROPOSE)),
        "recommends": found.owner_id in request.actor.bodies(Can.RECOMMENDATION_ADD),
        "likes": queries.like_this(request.actor, found) if changes else [],
        "reports": queries.reports(request.actor, found),
        "back": "/inside/evaluations",
    }
    return render(request, "evaluations/evaluation_inside.html", context)


def _doi(request: ActorRequest, found: Evaluation) -> list[tuple[str, str]]:
    told = doi_state(request.actor, found)
    return [("DOI", told)] if told else []


def evaluation_verb(request: ActorRequest, reference: str, verb: str) -> HttpResponse:
    """Take a verb of the lifecycle."""
    found = queries.evaluation(request.actor, reference)
    name = verb.replace("-", "_")
    if name == "edit":
        return redirect(first_step(found))
    if name == "amend" and request.method == "GET":
        return redirect(f"{found.inside_url()}/description")
    if name in _FORMS:
        form, perform, lead = _FORMS[name]
        options = {"initial": _typed(found)} if name == "invite" else {}
        return take(request, found, name, perform, form_class=form, form_options=options, lead=lead)

    def plainly(actor: Any, record: Evaluation, **options: Any) -> Any:
        return actions.perform(actor, record, name, **options)

    return take(request, found, name, plainly)


def _typed(found: Evaluation) -> dict[str, Any]:
    return {"editors": [person.email for person in found.editors.all()]}


def _publish(actor: Any, record: Evaluation, **options: Any) -> Any:
    return actions.publish_evaluation(actor, record, **options)


def _withdraw(actor: Any, record: Evaluation, *, successor: str, **options: Any) -> Any:
    after = None
    if successor:
        after = queries.evaluations(actor).filter(reference=successor.strip().upper()).first()
        if after is None or after.pk == record.pk:
            raise Unknown({"successor": ["There is no other evaluation of that reference"]})
    return actions.withdraw_evaluation(actor, record, successor=after, **options)


def _transfer(actor: Any, record: Evaluation, *, owner: str, **options: Any) -> Any:
    body = of_slug(actor, owner.strip(), "owner")
    actions.transfer_evaluation(actor, record, body, **options)


def _invite(actor: Any, record: Evaluation, *, editors: list[str], **options: Any) -> Any:
    return actions.invite_editors(actor, record, editors, **options)


_FORMS: dict[str, tuple[Any, Any, str]] = {
    "publish": (
        forms.PublishForm,
        _publish,
        (
            "The plan as it is becomes version 1, at an address that stays. Every change after that is "
            "a version more, with its reason."
        ),
    ),
    "withdraw": (
        forms.WithdrawForm,
        _withdraw,
        "A tombstone stays at its address: the title, the dates, the versions and your reason.",
    ),
    "transfer": (
        forms.TransferForm,
        _transfer,
        "Its history, its versions and its address go along. You may no longer change it.",
    ),
    "invite": (
        forms.EditorsForm,
        _invite,
        "They see and edit this evaluation alone, for as long as they are on this list.",
    ),
}
