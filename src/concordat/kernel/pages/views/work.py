"""Search, the inbox, long work, and links between records."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from concordat.kernel.access import Actor
from concordat.kernel.deeds import offered
from concordat.kernel.doors.actors import ActorRequest
from concordat.kernel.doors.forms import Form, add_errors
from concordat.kernel.doors.tables import Column, Table
from concordat.kernel.doors.verbs import take
from concordat.kernel.jobs.actions import cancel_job, retry_job
from concordat.kernel.jobs.models import Job
from concordat.kernel.links.actions import draft_link, remove_link
from concordat.kernel.links.models import RELATIONS, Link
from concordat.kernel.links.policy import Can
from concordat.kernel.notices.actions import read_all
from concordat.kernel.notices.models import Notice
from concordat.kernel.organisations.models import Organisation
from concordat.kernel.organisations.queries import bodies_of
from concordat.kernel.pages.public import search_page
from concordat.kernel.pages.views.parts import one, status_of
from concordat.kernel.publication.models import find_record
from concordat.kernel.publication.reference import tidy
from concordat.kernel.refusals import Invalid, NotAllowed, NotVisible


def search(request: ActorRequest) -> HttpResponseBase:
    """Search as oneself."""
    return search_page(request, request.actor, "/inside/search")


def notices(request: ActorRequest) -> HttpResponseBase:
    """One's inbox; a POST marks all of it as read."""
    if request.method == "POST":
        read_all(request.actor)
        return redirect("/inside/notices")
    columns = [
        Column("text", "What happened", link=lambda n: n.url),
        Column("at", "When", sort="at"),
        Column("status", "Status", show=lambda n: n.state.label),
    ]
    table = Table(
        columns,
        Notice.objects.visible_to(request.actor),
        name="notices",
        noun=("notice", "notices"),
    )
    return table.respond(request, "pages/notices.html", {"title": "Inbox"})


def jobs(request: ActorRequest) -> HttpResponseBase:
    """Long work, one's own and one's organisation's."""
    columns = [
        Column("title", "Work", link=lambda j: j.get_absolute_url()),
        Column("status", "Status", show=lambda j: j.state.label, sort="status"),
        Column("percent", "Done (%)", numeric=True),
        Column("created_at", "Asked for", sort="created_at"),
    ]
    rows = Job.objects.visible_to(request.actor)
    table = Table(columns, rows, name="jobs", noun=("job", "jobs"))
    return table.respond(request, context={"title": "Long work"})


def job(request: ActorRequest, pk: int) -> HttpResponse:
    """One job: how far it is, how it ended, and what may be done about it."""
    found = one(Job.objects.visible_to(request.actor), pk)
    buttons = [
        {
            "label": t.text,
            "href": f"{found.get_absolute_url()}/{t.verb}",
            "warn": t.verb == "cancel",
        }
        for t in offered(request.actor, found)
    ]
    context = {
        "title": found.title,
        "it": found,
        "made": _made(request.actor, found),
        "choices": buttons,
        "back": "/inside/jobs",
    }
    return render(request, "pages/job.html", context)


def _made(actor: Actor, found: Job) -> str:
    """Where what a job made or changed is; "" if the reader of the job may not see it. What is no
    record, such as a report under a number, is shown to whoever asked for the job."""
    place = str(found.result.get("url", ""))
    name = place.rpartition("/")[2]
    if name.isdigit():
        return place if actor.kind == "person" and found.asked_by_id == actor.id else ""
    return place if find_record(actor, name) else ""


def job_verb(request: ActorRequest, pk: int, verb: str) -> HttpResponse:
    """Cancel a job, or have a failed one tried again."""
    found = one(Job.objects.visible_to(request.actor), pk)
    action = {"cancel": cancel_job, "retry": retry_job}.get(verb)
    if action is None:
        raise NotVisible
    return take(request, found, verb, action, back=found.get_absolute_url())


class LinkForm(Form):
    """How a record goes with which other."""

    relation = forms.ChoiceField(
        label="How do they go together?",
        choices=list(RELATIONS.items()),
        error_messages={"required": "Select how the two records go together"},
    )
    target = forms.CharField(
        label="Reference of the other record", max_length=40, help_text="Such as DS-7K2M-41"
    )
    owner = forms.ModelChoiceField(
        Organisation.objects.none(),
        label="In the name of which organisation?",
        error_messages={"required": "Select the organisation that says so"},
    )


def new_link(request: ActorRequest) -> HttpResponse:
    """Link the record named in the address to another."""
    source = find_record(request.actor, request.GET.get("source", "")[:40])
    bodies = bodies_of(request.actor, Can.LINK_DRAFT)
    if source is None:
        raise NotVisible
    if not bodies:
        raise NotAllowed
    form = LinkForm(request.POST or None, initial={"owner": request.actor.home})
    form.fields["owner"].queryset = bodies  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        fields: dict[str, Any] = form.cleaned_data
        target = find_record(request.actor, tidy(fields["target"]))
        if target is None:
            form.add_error("target", "There is no record of that reference that you can see")
        else:
            try:
                draft_link(request.actor, fields["owner"], fields["relation"], source, target)
            except Invalid as refusal:
                add_errors(form, refusal)
            else:
                messages.success(request, "The two are linked.")
                return redirect(source.inside_url())
    context = {
        "title": f"Link {source.title_text} to another record",
        "caption": source.reference,
        "form": form,
        "button": "Link them",
        "back": source.inside_url(),
    }
    return render(request, "doors/form.html", context, status=status_of(form))


def link_remove(request: ActorRequest, pk: int) -> HttpResponse:
    """Take a link away."""
    found = one(Link.objects.visible_to(request.actor), pk)
    source = find_record(request.actor, found.source)
    return take(request, found, "remove", remove_link, back=source.inside_url())
