"""Pages by which a body runs its API clients."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone

from concordat.kernel.access import SCOPES
from concordat.kernel.access.policy import Can
from concordat.kernel.administration import actions
from concordat.kernel.doors.actors import ActorRequest
from concordat.kernel.doors.forms import Form, add_errors, offer_bodies
from concordat.kernel.doors.tables import Column, Table
from concordat.kernel.doors.verbs import take
from concordat.kernel.organisations.models import Organisation
from concordat.kernel.organisations.queries import bodies_of
from concordat.kernel.pages.views.parts import one, scope_words, secret_page, status_of, version_of
from concordat.kernel.pages.views.people import holder_page
from concordat.kernel.people.models import Client
from concordat.kernel.refusals import Invalid, NotAllowed, NotVisible

_UP = "/inside/admin/clients"
_ABOUT = "Exchange it at /oauth/token, with the client id beside it, for a token of an hour."


def clients(request: ActorRequest) -> HttpResponseBase:
    """The machines that act for the bodies one administers."""
    columns = [
        Column("name", "Name", link=lambda c: f"{_UP}/{c.pk}", sort="name"),
        Column("owner.name", "Organisation", sort="owner__name"),
        Column("scopes", "May", show=lambda held: "; ".join(scope_words(held))),
        Column("expires_at", "Until", sort="expires_at"),
        Column("status", "Status", show=lambda c: c.state.label, sort="status"),
    ]
    rows = Client.objects.visible_to(request.actor).select_related("owner")
    table = Table(columns, rows, name="clients", noun=("API client", "API clients"))
    context: dict[str, Any] = {"title": "API clients", "back": "/inside/admin"}
    if request.actor.bodies(Can.CLIENT_DRAFT):
        context["actions"] = [{"label": "Make an API client", "href": f"{_UP}/new"}]
    return table.respond(request, context=context)


class ClientForm(Form):
    """What a client is for, and how far it reaches."""

    name = forms.CharField(
        label="What is it for?",
        max_length=150,
        error_messages={"required": "Enter what the client is for"},
    )
    scopes = forms.MultipleChoiceField(
        label="What may it do?",
        choices=list(SCOPES.items()),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Select what the client may do"},
    )


class NewClientForm(ClientForm):
    """The same, in which body and for how long."""

    owner = forms.ModelChoiceField(Organisation.objects.none(), label="Organisation")
    days = forms.IntegerField(
        label="For how many days?",
        min_value=1,
        max_value=365,
        required=False,
        help_text="Leave it empty for a client that works until somebody closes it.",
    )


def new_client(request: ActorRequest) -> HttpResponse:
    """Make a client; its secret is shown this once."""
    bodies = bodies_of(request.actor, Can.CLIENT_DRAFT)
    if not bodies:
        raise NotAllowed
    form = NewClientForm(request.POST or None)
    offer_bodies(form, bodies)
    if request.method == "POST" and form.is_valid():
        fields = dict(form.cleaned_data)
        days = fields.pop("days")
        fields["expires_at"] = timezone.now() + timedelta(days=days) if days else None
        try:
            secret, made = actions.draft_client(request.actor, **fields)
        except Invalid as refusal:
            add_errors(form, refusal)
        else:
            return _secret(request, made, secret)
    context = {"title": "Make an API client", "form": form, "back": _UP}
    return render(request, "doors/form.html", context, status=status_of(form))


def _secret(request: ActorRequest, client: Client, secret: str) -> HttpResponse:
    about = f"Client id: {client.client_id}. {_ABOUT}"
    title = f"The secret of {client.name}"
    return secret_page(request, title, secret, f"{_UP}/{client.pk}", client.name, about)


def client(request: ActorRequest, pk: int) -> HttpResponse:
    """One client and its roles; a POST gives one more."""
    found = one(Client.objects.visible_to(request.actor).select_related("owner"), pk)
    return holder_page(request, found, _UP, "pages/client.html")


def client_edit(request: ActorRequest, pk: int) -> HttpResponse:
    """Change what a client is called and may do."""
    found = one(Client.objects.visible_to(request.actor), pk)
    form = ClientForm(request.POST or None, initial={"name": found.name, "scopes": found.scopes})
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit_client(request.actor, found, form.cleaned_data, version_of(request))
        except Invalid as refusal:
            add_errors(form, refusal)
        else:
            messages.success(request, "The client is changed.")
            return redirect(f"{_UP}/{pk}")
    context = {
        "title": f"Edit {found.name}",
        "form": form,
        "version": found.version,
        "button": "Save",
        "back": f"{_UP}/{pk}",
    }
    return render(request, "doors/form.html", context, status=status_of(form))


def client_renew(request: ActorRequest, pk: int) -> HttpResponse:
    """A new secret, shown this once."""
    found = one(Client.objects.visible_to(request.actor), pk)
    if request.method == "POST":
        secret, after = actions.renew_client(request.actor, found)
        return _secret(request, after, secret)
    title = f"Make a new secret for {found.name}? The old one stops working now."
    return render(request, "pages/confirm.html", {"title": title, "back": f"{_UP}/{pk}"})


def client_verb(request: ActorRequest, pk: int, verb: str) -> HttpResponse:
    """Close a client, and with it its tokens."""
    found = one(Client.objects.visible_to(request.actor), pk)
    if verb != "close":
        raise NotVisible
    return take(request, found, verb, actions.close_client, back=f"{_UP}/{pk}")
