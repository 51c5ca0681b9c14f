"""Pages to bring in the major projects portfolio and to say which numbers are one project."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from concordat.evaluations import actions, queries
from concordat.evaluations.feeds.grid import MOST_BYTES
from concordat.evaluations.forms.spend import JoinForm, PortfolioForm, TotalForm
from concordat.evaluations.models import PortfolioYear
from concordat.evaluations.policy import Can
from concordat.evaluations.queries.spend_rows import basis_in_words
from concordat.evaluations.views.evaluations import status_of
from concordat.kernel.access import may
from concordat.kernel.doors.actors import ActorRequest
from concordat.kernel.doors.formats import plural
from concordat.kernel.doors.forms import add_errors
from concordat.kernel.doors.tables import Column, Table
from concordat.kernel.doors.verbs import take
from concordat.kernel.lifecycle import ANYONE
from concordat.kernel.refusals import Invalid, NotAllowed

HOME = "/inside/evaluations/portfolio"


def _refuse_others(request: ActorRequest) -> None:
    if not may(request.actor, Can.PORTFOLIO_LOAD, None, ANYONE):
        raise NotAllowed


def portfolio(request: ActorRequest) -> HttpResponseBase:
    """The years that are loaded, a form for a file, and the projects that may be one."""
    _refuse_others(request)
    form = PortfolioForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        year, sent = form.cleaned_data["year"], form.cleaned_data["file"]
        try:
            done = actions.load_portfolio(request.actor, year, sent.name, sent.read(MOST_BYTES + 1))
        except Invalid as refusal:
            add_errors(form, refusal)
        else:
            messages.success(request, in_words(done))
            return redirect(f"{HOME}/{year}")
    columns = [
        Column("year", "Year", link=lambda pair: f"{HOME}/{pair[0].year}", value=_year, show=_year),
        Column("projects", "Projects", value=lambda p: p[1].coverage.projects, numeric=True),
        Column("hidden", "Cost hidden", value=lambda p: p[1].coverage.hidden, numeric=True),
        Column("source", "File", value=lambda p: p[0].source),
        Column("remarks", "Remarks", value=lambda p: len(p[0].remarks), numeric=True),
    ]
    rows = queries.coverage.years(request.actor)
    table = Table(columns, rows, name="portfolio", noun=("year", "years"))
    context = {
        "title": "Major projects portfolio",
        "form": form,
        "joined": queries.projects.joined(request.actor),
        "proposals": queries.projects.proposals(request.actor),
        "back": "/inside/evaluations",
    }
    answer = table.respond(request, "evaluations/portfolio.html", context)
    answer.status_code = status_of(form)
    return answer


def _year(pair: Any) -> str:
    return str(pair[0].year)


def in_words(done: Any) -> str:
    """What a run did, in a sentence."""
    told = (
        f"{plural(done.made, 'line')} new, {done.changed:,} changed, {done.unchanged:,} as before, "
        f"{done.withdrawn:,} withdrawn, {done.refused:,} refused."
    )
    return f"The portfolio of {done.year} is read: {told}"


def portfolio_year(request: ActorRequest, year: int) -> HttpResponseBase:
    """What was read of a year's file, and what was refused or noted, with its place and mend."""
    _refuse_others(request)
    found = queries.coverage.portfolio_year(request.actor, year)
    columns = [
        Column("place", "Where"),
        Column("outcome", "Line", value=lambda r: r["outcome"].capitalize()),
        Column("message", "What and how to mend it"),
        Column("cell", "It says"),
    ]
    table = Table(columns, found.remarks, name=f"portfolio-{year}", noun=("remark", "remarks"))
    actions_offered = [
        {"label": "Say the published total", "href": f"{HOME}/{year}/total"},
        {"label": "See the public page", "href": f"/evaluations/coverage/{year}"},
    ]
    context = {
        "title": f"Portfolio of {year}",
        "lead": f"Read from {found.source}. {basis_in_words(found)}",
        "actions": actions_offered,
        "empty": "Every line was read, and nothing is to be said of any.",
        "back": HOME,
    }
    return table.respond(request, context=context)


def portfolio_total(request: ActorRequest, year: int) -> HttpResponse:
    """The published total of a year."""
    _refuse_others(request)
    found = queries.coverage.portfolio_year(request.actor, year)
    lines = queries.coverage.lines(request.actor, year=year)
    options = {
        "instance": PortfolioYear.objects.visible_to(request.actor).get(pk=found.pk),
        "categories": sorted({line.category for line in lines if line.category}),
    }
    form = TotalForm(request.POST or None, **options)
    if request.method == "POST" and form.is_valid():
        try:
            actions.state_total(request.actor, found, form.values())
        except Invalid as refusal:
            add_errors(form, refusal)
        else:
            messages.success(request, "The total is saved.")
            return redirect(f"{HOME}/{year}")
    context = {
        "title": f"Published total of {year}",
        "lead": "Leave it empty where no total is published: the share is then told without one.",
        "form": form,
        "back": f"{HOME}/{year}",
    }
    return render(request, "doors/form.html", context, status=status_of(form))


def join_project(request: ActorRequest, number: str) -> HttpResponse:
    """Say that a project is another under an older number."""
    _refuse_others(request)
    found = queries.projects.own_project(request.actor, number)
    asked = {"into": request.GET.get("into", "")[:64]}

    def join(actor: Any, record: Any, *, into: str, **options: Any) -> Any:
        (main,) = queries.projects.projects_of(actor, [into], "into") or [record]
        return actions.join_project(actor, record, main, **options)

    return take(
        request,
        found,
        "join",
        join,
        form_class=JoinForm,
        form_options={"initial": asked},
        lead="Both keep their lines and are read as one project, under the other’s number.",
        back=HOME,
    )


def separate_project(request: ActorRequest, number: str) -> HttpResponse:
    """Take a joining back."""
    _refuse_others(request)
    found = queries.projects.own_project(request.actor, number)
    return take(request, found, "separate", actions.separate_project, back=HOME)
