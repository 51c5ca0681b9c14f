"""Pages to bring evaluations in from files, and to take them out as one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from concordat.evaluations import actions, queries
from concordat.evaluations.feeds.columns import LIGHT_HEADERS
from concordat.evaluations.forms.intakes import AnswersForm, BringForm, SendForm
from concordat.evaluations.queries import intakes as files
from concordat.evaluations.rules.outward import HEADERS
from concordat.evaluations.views.evaluations import status_of
from concordat.kernel.doors.actors import ActorRequest
from concordat.kernel.doors.exports import download
from concordat.kernel.doors.forms import add_errors
from concordat.kernel.doors.tables import Column, Table
from concordat.kernel.refusals import Invalid, NotAllowed

_MOST = 2**63 - 1


def _drafting(request: ActorRequest) -> Any:
    bodies = queries.drafting_bodies(request.actor)
    if not bodies:
        raise NotAllowed
    return bodies


def send(request: ActorRequest) -> HttpResponse:
    """A file of evaluations: kept, and shown as it is read before anything is done."""
    form = SendForm(request.POST or None, request.FILES or None, bodies=_drafting(request))
    if request.method == "POST" and form.is_valid():
        owner, file = form.cleaned_data["owner"], form.cleaned_data["file"]
        try:
            sent = actions.send_evaluations(request.actor, owner, file.name, file.chunks())
        except Invalid as refusal:
            add_errors(form, refusal)
        else:
            return redirect(f"/inside/evaluations/import/{sent.pk}")
    context = {
        "title": "Bring evaluations in from a file",
        "form": form,
        "button": "Send the file",
        "back": "/inside/evaluations",
    }
    return render(request, "evaluations/send_file.html", context, status=status_of(form))


def check(request: ActorRequest, pk: int) -> HttpResponse:
    """How a file is read, and which bodies its unknown names are; checked or brought in from here."""
    sent = files.sent_file(request.actor, min(pk, _MOST))
    start = files.start_of(request.actor, sent)
    asked = request.GET.get("report", "")
    if asked.isascii() and asked.isdigit():
        report = files.intake(request.actor, min(int(asked), _MOST))
        start.unknown = {**start.unknown, **report.unknown}
    form = BringForm(request.POST if request.method == "POST" else None, unknown=start.unknown)
    if request.method == "POST" and not start.problem and form.is_valid():
        dry = form.cleaned_data["how"] == "check"
        job = actions.receive_evaluations(request.actor, sent, chosen=form.chosen(), dry=dry)
        return redirect(job.get_absolute_url())
    context = {
        "title": f"Check {sent.name}",
        "caption": sent.owner.name,
        "start": start,
        "form": form,
        "back": "/inside/evaluations/import",
    }
    return render(request, "evaluations/check_file.html", context, status=status_of(form))


def imports(request: ActorRequest) -> HttpResponseBase:
    """The files that were brought in or checked."""
    _drafting(request)
    columns = [
        Column("name", "File", link=lambda i: i.get_absolute_url(), sort="name"),
        Column("owner.name", "Organisation", sort="owner__name"),
        Column("dry", "What was done", show=lambda i: "Checked" if i.dry else "Brought in"),
        Column("made", "Made", value=lambda i: i.counts.get("evaluations made", 0), numeric=True),
        Column(
            "waiting",
            "Waiting",
            value=lambda i: i.counts.get("evaluations waiting", 0),
            numeric=True,
        ),
        Column("created_at", "When", sort="created_at"),
    ]
    noun = ("file", "files")
    table = Table(columns, files.intakes(request.actor), name="imports", noun=noun)
    new = {"label": "Bring evaluations in from a file", "href": "/inside/evaluations/import"}
    return table.respond(request, context={"title": "Files brought in", "actions": [new]})


def report(request: ActorRequest, pk: int) -> HttpResponseBase:
    """What became of each row of a file."""
    found = files.intake(request.actor, min(pk, _MOST))
    columns = [
        Column("place", "Where"),
        Column("outcome", "What became of it", show=lambda line: _OUTCOMES[line["outcome"]]),
        Column("says", "Why"),
        Column("mend", "How to mend it"),
        Column("column", "Column"),
        Column("said", "What it says"),
    ]
    noun = ("line", "lines")
    lines = sorted(found.lines, key=lambda line: _ORDER.index(line["outcome"]))
    table = Table(columns, lines, name=f"import-{found.pk}", noun=noun)
    context = {
        "title": f"{'Check' if found.dry else 'Import'} of {found.name}",
        "found": found,
        "counts": [(k.capitalize(), f"{v:,}") for k, v in found.counts.items()],
        "waits": files.waits(request.actor, found),
        "back": "/inside/evaluations/imports",
    }
    return table.respond(request, "evaluations/intake.html", context)


# What wants mending first.
_OUTCOMES = {
    "refused": "Refused",
    "waits": "Waits",
    "noted": "Noted",
    "changed": "Changed",
    "made": "Made",
    "unchanged": "Not changed",
}
_ORDER = tuple(_OUTCOMES)


def template(request: HttpRequest) -> HttpResponseBase:
    """The plain table of a light entry, to be filled in."""
    return download("csv", "evaluations-template", LIGHT_HEADERS, LIGHT_HEADERS, [])


def workbook(request: ActorRequest) -> HttpResponseBase:
    """The evaluations that the reader may see, as the workbook."""
    rows = files.workbook_rows(request.actor)
    return download("csv", "evaluations-workbook", HEADERS, HEADERS, rows)


def answers(request: ActorRequest) -> HttpResponse:
    """Answers to a foreign registration form, made a draft."""
    form = AnswersForm(request.POST or None, request.FILES or None, bodies=_drafting(request))
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.import_answers(request.actor, **_told(form.cleaned_data))
        except Invalid as refusal:
            add_errors(form, refusal)
        else:
            messages.success(request, "The draft is saved. Only your organisation can see it.")
            return redirect(f"{made.inside_url()}/source")
    context = {
        "title": "Bring in a registration from elsewhere",
        "lead": "It becomes a draft. What has no place here is kept beside it.",
        "form": form,
        "button": "Make a draft",
        "back": "/inside/evaluations",
    }
    return render(request, "doors/form.html", context, status=status_of(form))


def _told(cleaned: dict[str, Any]) -> dict[str, Any]:
    """What the action takes; the form by its name unless it is another."""
    return {**cleaned, "form": "" if cleaned["form"] == "other" else cleaned["form"]}


def source(request: ActorRequest, reference: str) -> HttpResponse:
    """What the source of an evaluation said that its plan has no place for."""
    found = queries.evaluation(request.actor, reference)
    context = {
        "title": "What the source said",
        "caption": found.title,
        "record": found,
        "told": files.source_told(request.actor, found),
        "back": found.inside_url(),
    }
    return render(request, "evaluations/source.html", context)
