"""A throw-away record and the pages over it, for the tests of the doors."""

from __future__ import annotations

import json
from typing import Any, ClassVar

from django import forms
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path

from concordat.kernel import refusals
from concordat.kernel.access import Actor
from concordat.kernel.deeds.act import act
from concordat.kernel.doors.forms import Form, ModelForm
from concordat.kernel.doors.journeys import Journey, Raw, Step, Store
from concordat.kernel.doors.records import record_page
from concordat.kernel.doors.tables import Column, FilterForm, Table
from concordat.kernel.doors.verbs import take
from concordat.kernel.lifecycle import NEW, Lifecycle, Note, State, Transition, Visibility, states
from concordat.kernel.publication.models import Record, RecordQuerySet

ROLE = {"paper_editor": frozenset({"paper:see", "paper:draft", "paper:publish"})}
LIFECYCLE = Lifecycle(
    noun="paper",
    states={
        "draft": State("Draft", turn="owner", days=10, colour="yellow"),
        "published": State("Published", colour="green"),
        "withdrawn": State("Withdrawn", end=True, colour="red"),
    },
    transitions=(
        Transition("draft", NEW, needs="paper:draft", target="draft"),
        Transition("edit", states("draft"), needs="paper:draft"),
        Transition(
            "publish",
            states("draft"),
            needs="paper:publish",
            target="published",
            opens_to=Visibility.PUBLIC,
            note=Note.OPTIONAL,
        ),
        Transition(
            "withdraw",
            states("published"),
            needs="paper:publish",
            target="withdrawn",
            note=Note.REQUIRED,
        ),
    ),
)


class Paper(Record):
    """A title and a count."""

    KIND = "paper"
    PREFIX = "PA"
    SEE = "paper:see"
    LIFECYCLE = LIFECYCLE
    SIDES: ClassVar[dict[str, str]] = {"owner": "owner"}
    PUBLIC_FIELDS = ("title",)

    # No constraint: other tests may empty the tables that have migrations without this one.
    owner = models.ForeignKey(
        "kernel.Organisation", models.PROTECT, related_name="+", db_constraint=False
    )
    title = models.CharField(max_length=100)
    pages = models.IntegerField(default=0)
    due = models.DateField(null=True, blank=True)

    objects = RecordQuerySet.as_manager()

    class Meta:
        app_label = "doors_tests"  # not installed: migrations and the register of kinds ignore it

    def clean(self) -> None:
        if self.pages < 0:
            raise forms.ValidationError({"pages": "Pages must be 0 or more."})


class PaperForm(ModelForm):
    class Meta:
        model = Paper
        fields = ("title", "pages", "due")


class Narrow(FilterForm):
    lookups: ClassVar[dict[str, str]] = {"word": "title__icontains", "status": "status"}
    word = forms.CharField(required=False, max_length=50)
    status = forms.ChoiceField(required=False, choices=[("", "Any"), *LIFECYCLE.choices])


COLUMNS = [
    Column("title", "Title", sort="title", link=lambda paper: paper.inside_url()),
    Column("pages", "Pages", sort="pages", numeric=True),
    Column("owner.name", "Organisation"),
    Column("status", "Status", show=lambda paper: paper.state.label),
]


def draft(actor: Actor, owner: Any, **fields: Any) -> Paper:
    return act(actor, LIFECYCLE["draft"], Paper(owner=owner), fields)


def do(verb: str) -> Any:
    def action(
        actor: Actor, paper: Paper, *, note: str = "", expected: int | None = None, **fields: Any
    ) -> Paper:
        return act(actor, LIFECYCLE[verb], paper, fields, note=note, expected=expected)

    return action


def _found(request: HttpRequest, reference: str) -> Paper:
    actor = request.actor  # type: ignore[attr-defined]
    paper = Paper.objects.visible_to(actor).filter(reference=reference).first()
    if paper is None:
        raise refusals.NotVisible
    return paper


def papers(request: HttpRequest) -> HttpResponseBase:
    rows = Paper.objects.visible_to(request.actor).select_related("owner")  # type: ignore[attr-defined]
    table = Table(
        COLUMNS,
        rows,
        name="papers",
        noun=("paper", "papers"),
        order="title",
        filters=Narrow(request.GET),
    )
    return table.respond(request, context={"lead": "Everything written down."})


def paper(request: HttpRequest, reference: str) -> HttpResponse:
    found = _found(request, reference)
    summary = [("Title", found.title), ("Pages", found.pages), ("Due", found.due)]
    it = record_page(request.actor, found, summary)  # type: ignore[attr-defined]
    crumbs = [{"text": "Papers", "href": "/inside/papers"}, {"text": found.title}]
    return render(
        request, "doors/record.html", {"it": it, "title": it.title, "breadcrumbs": crumbs}
    )


def verb(request: HttpRequest, reference: str, verb: str) -> HttpResponse:
    form_class = PaperForm if verb == "edit" else None
    return take(request, _found(request, reference), verb, do(verb), form_class=form_class)


class TopicForm(Form):
    topic = forms.ChoiceField(
        choices=[("data", "Data"), ("people", "People")], widget=forms.RadioSelect, label="Topic"
    )


class NamesForm(Form):
    names = forms.CharField(label="Whose names?", widget=forms.Textarea, max_length=200)
    from_day = forms.DateField(label="Start date", help_text="For example, 27 3 2027")


class PagesForm(Form):
    pages = forms.IntegerField(label="How many pages?", min_value=1, max_value=1000)


JOURNEY = Journey(
    "Write a paper",
    [
        Step("topic", "What is it about?", TopicForm),
        Step("names", "Who is in it?", NamesForm, when=lambda a: a.get("topic") == "people"),
        Step("pages", "How many pages?", PagesForm),
    ],
    confirm="Write it",
)
KEPT: dict[str, str] = {}


def journey(request: HttpRequest, name: str) -> HttpResponse:
    def save(raw: Raw) -> None:
        if "666" in raw.get("pages", {}).get("pages", []):
            raise refusals.Invalid({"pages": ["The draft refuses that."]})
        KEPT["raw"] = json.dumps(raw)

    def finish(answers: dict[str, Any]) -> HttpResponse:
        if answers["pages"] == 13:
            raise refusals.Invalid({"pages": ["Not that many."], "": ["Try another."]})
        KEPT["finished"] = repr(answers)
        return redirect("/done")

    store = Store(load=lambda: json.loads(KEPT.get("raw", "{}")), save=save)
    return JOURNEY.respond(
        request, name, store=store, finish=finish, address=lambda step: f"/write/{step}"
    )


def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("a secret detail")


def refuse(request: HttpRequest, kind: str) -> HttpResponse:
    if kind == "Invalid":
        raise refusals.Invalid({"title": ["Enter a title."], "": ["And more."]})
    raise getattr(refusals, kind)


urlpatterns = [
    path("inside/papers", papers),
    path("inside/papers/<reference>", paper),
    path("inside/papers/<reference>/<verb>", verb),
    path("write/<name>", journey),
    path("broken", broken),
    path("api/broken", broken),
    path("refuse/<kind>", refuse),
    path("api/refuse/<kind>", refuse),
]
handler400 = "concordat.kernel.doors.errors.bad_request"
handler403 = "concordat.kernel.doors.errors.not_allowed"
handler404 = "concordat.kernel.doors.errors.not_found"
handler500 = "concordat.kernel.doors.errors.server_error"
