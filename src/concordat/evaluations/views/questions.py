"""Pages to ask questions, load agendas of them, and say which evaluations answer them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from concordat.evaluations import actions, queries
from concordat.evaluations.feeds.agendas import read_questions
from concordat.evaluations.feeds.remarks import AgendaError
from concordat.evaluations.forms import questions as forms
from concordat.evaluations.models import Question
from concordat.evaluations.policy import Can
from concordat.evaluations.queries.rows import question_rows
from concordat.evaluations.views.evaluations import status_of
from concordat.kernel.doors.actors import ActorRequest
from concordat.kernel.doors.forms import add_errors
from concordat.kernel.doors.records import record_page
from concordat.kernel.doors.tables import Column, Table
from concordat.kernel.doors.verbs import take
from concordat.kernel.refusals import Invalid, NotAllowed

HOME = "/inside/evaluations/questions"


def questions(request: ActorRequest) -> HttpResponseBase:
    """Every question the reader may see."""
    columns = [
        Column("text", "Question", show=lambda q: q.title, link=lambda q: q.inside_url()),
        Column("owner.name", "Asked by", sort="owner__name"),
        Column("tags", "Tags"),
        Column("status", "Status", show=lambda q: q.state.label, sort="status"),
        Column("proposed", "Links to confirm", numeric=True, sort="proposed"),
        Column("evaluations", "Evaluations", numeric=True, sort="evaluations"),
        Column("reference", "Reference", sort="reference"),
    ]
    table = Table(
        columns,
        queries.questions_to_decide(request.actor),
        name="questions",
        noun=("question", "questions"),
    )
    context: dict[str, Any] = {"title": "Questions", "actions": []}
    if queries.asking_for(request.actor).exists():
        context["actions"].append({"label": "Ask a question", "href": f"{HOME}/new"})
    if queries.asking_for(request.actor, Can.QUESTION_PUBLISH).exists():
        context["actions"].append({"label": "Load an agenda", "href": f"{HOME}/load"})
    return table.respond(request, context=context)


def new_question(request: ActorRequest) -> HttpResponse:
    """Ask."""
    bodies = queries.asking_for(request.actor)
    if not bodies:
        raise NotAllowed
    form = forms.AskForm(request.POST or None, bodies=bodies)
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        try:
            made = actions.draft_question(request.actor, values.pop("owner"), values)
        except Invalid as refusal:
            add_errors(form, refusal)
        else:
            messages.success(request, "The draft is saved. Only your organisation can see it.")
            return redirect(made.inside_url())
    return _form(request, form, "Ask a question", back=HOME)


def _form(request: ActorRequest, form: Any, title: str, **context: Any) -> HttpResponse:
    told = {"title": title, "form": form, **context}
    return render(request, "doors/form.html", told, status=status_of(form))


def load(request: ActorRequest) -> HttpResponse:
    """Load an agenda from a file, and see what became of each row."""
    if not queries.asking_for(request.actor, Can.QUESTION_PUBLISH).exists():
        raise NotAllowed
    form = forms.LoadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            report = _loaded(request, dict(form.cleaned_data))
        except AgendaError as error:
            form.add_error("file", str(error))
        except Invalid as refusal:
            add_errors(form, refusal)
        else:
            context = {"title": "The agenda is loaded", "report": report, "back": HOME}
            return render(request, "evaluations/questions_loaded.html", context)
    lead = "Each row becomes a public question of the body that it names."
    return _form(request, form, "Load an agenda", lead=lead, button="Load it", back=HOME)


def _loaded(request: ActorRequest, told: dict[str, Any]) -> actions.QuestionLoad:
    found = read_questions(told.pop("file").read())
    named = [(row.code, row.name) for row in found.rows]
    bodies = queries.bodies_called(request.actor, named)
    report = actions.load_questions(request.actor, bodies, found.rows, **told)
    report.messages[:0] = found.messages
    report.refused += sum(message.refused for message in found.messages)
    return report


def question(request: ActorRequest, reference: str) -> HttpResponse:
    """One question, with what the reader may do."""
    found = queries.question(request.actor, reference)
    links = queries.answers_to(request.actor, found)
    proposes = queries.asking_for(request.actor, Can.QUESTION_LINK_PROPOSE).exists()
    context = {
        "title": found.title,
        "record": found,
        "it": record_page(request.actor, found, [("Question", found.text), *question_rows(found)]),
        "links": links,
        "taken": {link.pk: queries.verbs_of(request.actor, link) for link in links},
        "proposes": proposes and found.status != "withdrawn",
        "back": HOME,
    }
    return render(request, "evaluations/question_inside.html", context)


def question_verb(request: ActorRequest, reference: str, verb: str) -> HttpResponse:
    """Take a verb of the lifecycle."""
    found = queries.question(request.actor, reference)
    name = verb.replace("-", "_")
    if name == "edit":
        options = {"initial": {field: getattr(found, field) for field in found.FIELDS}}
        form = forms.QuestionForm
        return take(request, found, name, _edit, form_class=form, form_options=options)

    def plainly(actor: Any, record: Question, **told: Any) -> Any:
        return actions.perform(actor, record, name, **told)

    form_class = forms.AnswerForm if name == "answer" else None
    return take(request, found, name, plainly, form_class=form_class)


def _edit(actor: Any, found: Question, *, expected: int | None, **values: Any) -> Any:
    return actions.edit_question(actor, found, values, expected)


def link_evaluation(request: ActorRequest, reference: str) -> HttpResponse:
    """Say that an evaluation answers this question."""
    found = queries.question(request.actor, reference)
    return _link(request, "evaluation", found.title, found.inside_url(), {"question": found})


def link_question(request: ActorRequest, reference: str) -> HttpResponse:
    """Say which question this evaluation answers."""
    found = queries.evaluation(request.actor, reference)
    return _link(request, "question", found.title, found.inside_url(), {"evaluation": found})


def _link(
    request: ActorRequest, other: str, caption: str, back: str, ends: dict[str, Any]
) -> HttpResponse:
    bodies = queries.asking_for(request.actor, Can.QUESTION_LINK_PROPOSE)
    if not bodies:
        raise NotAllowed
    form = forms.LinkForm(request.POST or None, other=other, bodies=bodies)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        find = queries.question_named if other == "question" else queries.evaluation_named
        try:
            ends[other] = find(request.actor, told[other])
            actions.propose_link(request.actor, told["owner"], relation=told["relation"], **ends)
        except Invalid as refusal:
            add_errors(form, refusal)
        else:
            messages.success(request, "Proposed. The body whose question it is decides.")
            return redirect(back)
    lead = "Whoever asked the question confirms it; until then only the two bodies see it."
    title = f"Which {other}?"
    return _form(request, form, title, caption=caption, lead=lead, button="Propose it", back=back)


def link_verb(request: ActorRequest, pk: int, verb: str) -> HttpResponse:
    """Confirm, refuse or remove a link."""
    found = queries.question_link(request.actor, min(pk, 2**31))

    def plainly(actor: Any, link: Any, **told: Any) -> Any:
        return actions.perform(actor, link, verb, **told)

    lead = f"{found.evaluation.title} — {found.question.title}"
    return take(request, found, verb, plainly, lead=lead, back=found.question.inside_url())
