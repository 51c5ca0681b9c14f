"""Pages by which a body runs its own side: people and their roles."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from concordat.kernel.access import Actor, all_roles, role_label
from concordat.kernel.access.models import Grant
from concordat.kernel.access.policy import PLATFORM_ROLES, Can
from concordat.kernel.administration import actions
from concordat.kernel.deeds import offered
from concordat.kernel.doors.actors import ActorRequest
from concordat.kernel.doors.forms import Form, add_errors, offer_bodies
from concordat.kernel.doors.tables import Column, Table
from concordat.kernel.doors.verbs import take
from concordat.kernel.lifecycle import Transition
from concordat.kernel.organisations.models import Organisation
from concordat.kernel.organisations.queries import bodies_of
from concordat.kernel.pages.views.parts import one, scope_words, status_of
from concordat.kernel.people.models import Client, Person
from concordat.kernel.refusals import Invalid, NotVisible

_VERBS: Final[dict[str, Callable[..., Any]]] = {
    "close": actions.close_person,
    "reopen": actions.reopen_person,
    "invite_again": actions.invite_again,
}
_OWN: Final = ("person", "edit")  # one's own details have their page under one's account


def people(request: ActorRequest) -> HttpResponseBase:
    """The people one administers."""
    columns = [
        Column("name", "Name", link=lambda p: f"/inside/admin/people/{p.pk}", sort="name"),
        Column("email", "E-mail", sort="email"),
        Column("owner.name", "Organisation", sort="owner__name"),
        Column("status", "Status", show=lambda p: p.state.label, sort="status"),
    ]
    rows = Person.objects.visible_to(request.actor).select_related("owner").order_by("name")
    table = Table(columns, rows, name="people", noun=("person", "people"))
    context: dict[str, Any] = {"title": "People"}
    if request.actor.bodies(Can.PERSON_INVITE):
        context["actions"] = [{"label": "Invite somebody", "href": "/inside/admin/people/new"}]
    return table.respond(request, context=context)


class InviteForm(Form):
    """Who, and where."""

    owner = forms.ModelChoiceField(Organisation.objects.none(), label="Organisation")
    name = forms.CharField(max_length=150)
    email = forms.EmailField(label="E-mail address")


def invite(request: ActorRequest) -> HttpResponse:
    """Open an account for somebody."""
    form = InviteForm(request.POST or None)
    offer_bodies(form, bodies_of(request.actor, Can.PERSON_INVITE))
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.invite_person(request.actor, **form.cleaned_data)
        except Invalid as refusal:
            add_errors(form, refusal)
        else:
            messages.success(
                request, f"{made.name} has an account. An e-mail tells them how to get in."
            )
            return redirect(f"/inside/admin/people/{made.pk}")
    context = {
        "title": "Invite somebody",
        "lead": "They get an e-mail with a link to set a password, good for three days.",
        "form": form,
        "button": "Send the invitation",
        "back": "/inside/admin/people",
    }
    return render(request, "doors/form.html", context, status=status_of(form))


class RoleForm(Form):
    """A role somewhere."""

    owner = forms.ModelChoiceField(Organisation.objects.none(), label="Organisation")
    role = forms.ChoiceField()


def role_choices(actor: Actor) -> list[tuple[str, str]]:
    """The roles that the actor may give, by their words."""
    reaches = bool(actor.bodies(Can.PLATFORM_RUN))
    found = [(r, role_label(r)) for r in all_roles() if reaches or r not in PLATFORM_ROLES]
    return [("", ""), *sorted(found, key=lambda pair: pair[1])]  # none is given by an oversight


def person(request: ActorRequest, pk: int) -> HttpResponse:
    """One person and their roles; a POST gives one more."""
    found = one(Person.objects.visible_to(request.actor).select_related("owner"), pk)
    return holder_page(request, found, "/inside/admin/people", "pages/person.html")


def holder_page(
    request: ActorRequest, found: Person | Client, up: str, template: str
) -> HttpResponse:
    """A person or an API client with its roles; a POST gives one more."""
    form = RoleForm(request.POST or None)
    form.fields["role"].choices = role_choices(request.actor)  # type: ignore[attr-defined]
    bodies = bodies_of(request.actor, Can.GRANT_GIVE)
    offer_bodies(form, bodies)
    if request.method == "POST" and form.is_valid():
        fields = form.cleaned_data
        try:
            actions.give_role(request.actor, fields["owner"], found, fields["role"])
        except Invalid as refusal:
            add_errors(form, refusal)
        else:
            messages.success(request, "The role is given.")
            return redirect(request.path)
    held = Grant.objects.visible_to(request.actor).filter(status="active", **{found.KIND: found})
    context = {
        "title": found.name,
        "it": found,
        "grants": [(g, role_label(g.role)) for g in held.select_related("owner")],
        "form": form if bodies else None,
        "verbs": _verbs(request.actor, found),
        "here": f"{up}/{found.pk}",
        "may": scope_words(found) if isinstance(found, Client) else [],
        "back": up,
    }
    return render(request, template, context, status=status_of(form))


def _verbs(actor: Actor, found: Person | Client) -> list[Transition]:
    """What is offered here: who has signed in needs no invitation any more."""
    left_out = {_OWN}
    if isinstance(found, Person) and found.last_login is not None:
        left_out.add(("person", "invite_again"))
    return [t for t in offered(actor, found) if (found.KIND, t.verb) not in left_out]


def person_verb(request: ActorRequest, pk: int, verb: str) -> HttpResponse:
    """Close somebody's account, or open it again."""
    found = one(Person.objects.visible_to(request.actor), pk)
    if verb not in _VERBS:
        raise NotVisible
    return take(request, found, verb, _VERBS[verb], back=f"/inside/admin/people/{pk}")
