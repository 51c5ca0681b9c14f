"""What bodies want to know, as anyone may read it, with the evaluations that answer it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from markupsafe import Markup

from concordat.evaluations import queries
from concordat.evaluations.queries.rows import question_rows
from concordat.kernel.access import PUBLIC, Actor
from concordat.kernel.doors.charts import bar_chart
from concordat.kernel.doors.tables import Column, FilterForm, Table

_STATES = {"published": "Unanswered", "answered": "Answered"}
_MOST_BARS = 30


class QuestionFilter(FilterForm):
    """Whose questions, about what, and whether they are answered."""

    body = forms.ChoiceField(label="Body", required=False)
    tag = forms.ChoiceField(label="Tag", required=False)
    answered = forms.ChoiceField(
        label="Answered?",
        required=False,
        choices=[("", "Either"), *_STATES.items()],
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        bodies = queries.asking_bodies(actor).values_list("slug", "name")
        tags = queries.tags_asked(actor)
        self.fields["body"].choices = [("", "Every body"), *bodies]  # type: ignore[attr-defined]
        self.fields["tag"].choices = [("", "Every tag"), *((t, t) for t in tags)]  # type: ignore[attr-defined]

    @property
    def asked(self) -> dict[str, str]:
        """What was asked, as the query takes it; nothing of what is not one of the choices."""
        if not self.is_valid():
            return {}
        names = {"slug": "body", "tag": "tag", "status": "answered"}
        return {name: self.cleaned_data[given] for name, given in names.items()}


def questions(request: HttpRequest) -> HttpResponseBase:
    """Every public question, unanswered first."""
    columns = [
        Column("text", "Question", show=lambda q: q.title, link=lambda q: q.get_absolute_url()),
        Column("status", "Answered?", value=lambda q: q.state.label, sort="status"),
        Column("evaluations", "Evaluations", numeric=True, sort="evaluations"),
        Column("owner.name", "Asked by", sort="owner__name"),
        Column("tags", "Tags"),
        Column("reference", "Reference", sort="reference"),
    ]
    filters = QuestionFilter(request.GET, actor=PUBLIC)
    table = Table(
        columns,
        queries.asked_of(PUBLIC, **filters.asked).exclude(status="withdrawn"),
        name="questions",
        noun=("question", "questions"),
        filters=filters,
    )
    lead = "What government wants to know, what it is finding out, and what nobody has asked yet."
    links = [{"label": "What evaluations recommend", "href": "/evaluations/recommendations"}]
    context = {"title": "Questions", "lead": lead, "actions": links, "chart": _charts()}
    return table.respond(request, context=context)


def _charts() -> Markup:
    """How many questions each body has, unanswered and answered, each with its table."""
    rows = queries.answered_by_body(PUBLIC)[:_MOST_BARS]
    heads = ("Body", "Questions")
    return bar_chart(
        "Unanswered questions by body", [(name, open_) for name, open_, _ in rows], heads=heads
    ) + bar_chart(
        "Answered questions by body", [(name, done) for name, _, done in rows], heads=heads
    )


def question(request: HttpRequest, reference: str) -> HttpResponse:
    """One question: its permanent address."""
    found = queries.question(PUBLIC, reference)
    context = {
        "title": found.title,
        "record": found,
        "rows": question_rows(found),
        "links": queries.answers_to(PUBLIC, found),
    }
    return render(request, "evaluations/question.html", context)
