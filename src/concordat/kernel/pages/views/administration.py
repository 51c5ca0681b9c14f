"""The administrator's index, and the pages on which bodies say who they are."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from concordat.kernel.access import Actor
from concordat.kernel.access.policy import Can
from concordat.kernel.administration import actions
from concordat.kernel.deeds import offered
from concordat.kernel.doors.actors import ActorRequest
from concordat.kernel.doors.forms import Form, ModelForm, add_errors
from concordat.kernel.doors.tables import Column, Table
from concordat.kernel.doors.verbs import take
from concordat.kernel.organisations import queries
from concordat.kernel.organisations.models import Organisation
from concordat.kernel.pages.views.parts import status_of, version_of
from concordat.kernel.reference.fields import Lines
from concordat.kernel.refusals import Invalid, NotAllowed, NotVisible, Unknown
from concordat.kernel.webhooks import policy as webhooks

_UP = "/inside/admin/organisations"
_PLACES = (
    (Can.PERSON_SEE, "/inside/admin/people", "People of your organisation"),
    (Can.GRANT_GIVE, "/inside/admin/roles", "Roles, also of people of other organisations"),
    (Can.CLIENT_DRAFT, "/inside/admin/clients", "API clients"),
    (webhooks.Can.WEBHOOK_DRAFT, "/inside/admin/webhooks", "Webhooks"),
    (Can.ORGANISATION_EDIT, _UP, "Organisations"),
)


def index(request: ActorRequest) -> HttpResponse:
    """Everything that the reader may administer, and where."""
    actor = request.actor
    places = [(href, label) for needs, href, label in _PLACES if actor.bodies(needs)]
    bodies = queries.bodies_of(actor, Can.PERSON_SEE)
    context = {"title": "Administration", "places": places, "bodies": bodies}
    return render(request, "pages/administration.html", context)


def organisations(request: ActorRequest) -> HttpResponseBase:
    """The bodies that the reader may edit; all of them, for whoever runs the platform."""
    runs = bool(request.actor.bodies(Can.PLATFORM_RUN))
    rows = (
        queries.organisations(request.actor)
        if runs
        else queries.bodies_of(request.actor, Can.ORGANISATION_EDIT)
    )
    columns = [
        Column("name", "Name", link=lambda o: f"{_UP}/{o.slug}", sort="name"),
        Column("abbreviation", "Abbreviation", sort="abbreviation"),
        Column("status", "Status", show=lambda o: o.state.label, sort="status"),
    ]
    table = Table(columns, rows, name="organisations", noun=("organisation", "organisations"))
    context: dict[str, Any] = {"title": "Organisations", "back": "/inside/admin"}
    if request.actor.bodies(Can.ORGANISATION_DRAFT):
        context["actions"] = [
            {"label": "Enter an organisation", "href": "/inside/admin/new-organisation"}
        ]
    return table.respond(request, context=context)


def organisation(request: ActorRequest, slug: str) -> HttpResponse:
    """One body, with what the reader may do about it."""
    found = _one(request, slug)
    verbs = offered(request.actor, found)
    if not verbs:
        raise NotAllowed
    tied = queries.ties(request.actor, found)
    rows = [
        ("Abbreviation", found.abbreviation),
        ("Kind", found.kind.replace("-", " ")),
        ("Other names", found.aliases),
        ("E-mail domains", found.domains),
        ("Part of", [tie.body.name for tie in tied.part_of]),
        ("Became", [tie.body.name for tie in tied.became]),
        ("Part of government", "Yes" if found.is_government else "No"),
    ]
    context = {
        "title": found.name,
        "it": found,
        "rows": rows,
        "verbs": verbs,
        "here": f"{_UP}/{slug}",
        "back": _UP,
    }
    return render(request, "pages/organisation_inside.html", context)


def _one(request: ActorRequest, slug: str) -> Organisation:
    found = queries.organisations(request.actor).filter(slug=slug).first()
    if found is None:
        raise NotVisible
    return found


_BY_DOMAIN = (
    "One a line. Whoever signs in through the issuer with such an address belongs to this "
    "organisation."
)
_BY_NAME = "One organisation a line, by its whole name."


class OrganisationForm(ModelForm):
    """What a body says of itself."""

    aliases = Lines(label="Other names", required=False, help_text="One a line.")

    class Meta:
        model = Organisation
        fields = ("name", "abbreviation")


class NewOrganisationForm(OrganisationForm):
    """The same, and what only whoever runs the platform says."""

    is_government = forms.BooleanField(label="It is part of government", required=False)
    domains = Lines(label="E-mail domains", required=False, help_text=_BY_DOMAIN)

    class Meta:
        model = Organisation
        fields = ("slug", "name", "abbreviation", "kind")


def new_organisation(request: ActorRequest) -> HttpResponse:
    """Enter a body that is not here yet."""
    if not request.actor.bodies(Can.ORGANISATION_DRAFT):
        raise NotAllowed
    form = NewOrganisationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.draft_organisation(request.actor, form.cleaned_data)
        except Invalid as refusal:
            add_errors(form, refusal)
        else:
            messages.success(request, f"{made.name} is entered.")
            return redirect(f"{_UP}/{made.slug}")
    context = {"title": "Enter an organisation", "form": form, "back": _UP}
    return render(request, "doors/form.html", context, status=status_of(form))


def organisation_edit(request: ActorRequest, slug: str) -> HttpResponse:
    """Change what a body says of itself."""
    found = _one(request, slug)
    if not any(t.verb == "edit" for t in offered(request.actor, found)):
        raise NotAllowed
    names = ("name", "abbreviation", "aliases")
    form = OrganisationForm(
        request.POST or None, initial={name: getattr(found, name) for name in names}
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit_organisation(request.actor, found, form.cleaned_data, version_of(request))
        except Invalid as refusal:
            add_errors(form, refusal)
        else:
            messages.success(request, "The organisation is changed.")
            return redirect(f"{_UP}/{slug}")
    context = {
        "title": f"Edit {found.name}",
        "form": form,
        "version": found.version,
        "button": "Save",
        "back": f"{_UP}/{slug}",
    }
    return render(request, "doors/form.html", context, status=status_of(form))


class PlaceForm(Form):
    """What a body is part of, what it became, and which e-mail domains are its own."""

    parents = Lines(label="Part of", required=False, help_text=_BY_NAME)
    successors = Lines(label="Became", required=False, help_text=_BY_NAME)
    domains = Lines(label="E-mail domains", required=False, help_text=_BY_DOMAIN)


def organisation_place(request: ActorRequest, slug: str) -> HttpResponse:
    """Say what a body is part of, and what it was renamed to, merged into or replaced by."""
    found = _one(request, slug)
    tied = queries.ties(request.actor, found)
    initial = {
        "parents": [tie.body.name for tie in tied.part_of],
        "successors": [tie.body.name for tie in tied.became],
        "domains": found.domains,
    }
    return take(
        request,
        found,
        "place",
        _place,
        form_class=PlaceForm,
        form_options={"initial": initial},
        done="The organisation has its place.",
        back=f"{_UP}/{slug}",
    )


def _place(
    actor: Actor,
    found: Organisation,
    *,
    expected: int | None,
    domains: list[str],
    **fields: list[str],
) -> Organisation:
    values = {name: _named(actor, name, lines) for name, lines in fields.items()}
    return actions.place_organisation(actor, found, values, domains=domains, expected=expected)


def _named(actor: Actor, field: str, lines: list[str]) -> list[Organisation]:
    """The body that each line names, by its name or slug. Raises Unknown for one that none has."""
    found = []
    for line in lines:
        same = Q(name__iexact=line) | Q(slug__iexact=line)
        body = queries.organisations(actor).filter(same).first()
        if body is None:
            raise Unknown({field: [f"There is no organisation “{line}”. Enter its whole name."]})
        found.append(body)
    return found


def organisation_verb(request: ActorRequest, slug: str, verb: str) -> HttpResponse:
    """Close a body, or say that it lives after all."""
    found = _one(request, slug)
    action = {"close": actions.close_organisation, "reopen": actions.reopen_organisation}.get(verb)
    if action is None:
        raise NotVisible
    return take(request, found, verb, action, back=f"{_UP}/{slug}")
