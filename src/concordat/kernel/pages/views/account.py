"""One's own account: details, tokens, the command line, how e-mail comes."""

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
from concordat.kernel.access.models import Grant
from concordat.kernel.administration import actions, oauth
from concordat.kernel.doors.actors import ActorRequest
from concordat.kernel.doors.formats import moment
from concordat.kernel.doors.forms import Form, ModelForm, add_errors
from concordat.kernel.doors.tables import Column, Table
from concordat.kernel.notices import queries
from concordat.kernel.notices.actions import prefer
from concordat.kernel.notices.models import Preference
from concordat.kernel.pages.views.parts import one, scope_words, secret_page, status_of, version_of
from concordat.kernel.people.models import Person, Token
from concordat.kernel.refusals import Invalid


def index(request: ActorRequest) -> HttpResponse:
    """Who one is here, and everything about one's account that one may change."""
    found = one(
        Person.objects.visible_to(request.actor).select_related("owner"), request.actor.id or 0
    )
    held = Grant.objects.visible_to(request.actor).filter(person=found, status="active")
    context = {"title": "Your account", "it": found, "grants": held.select_related("owner")}
    return render(request, "pages/account.html", context)


class DetailsForm(ModelForm):
    """What one says of oneself."""

    class Meta:
        model = Person
        fields = ("name", "job_title")


def details(request: ActorRequest) -> HttpResponse:
    """Change one's own name or job title."""
    found = one(Person.objects.visible_to(request.actor), request.actor.id or 0)
    form = DetailsForm(
        request.POST or None, initial={"name": found.name, "job_title": found.job_title}
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit_person(request.actor, found, form.cleaned_data, version_of(request))
        except Invalid as refusal:
            add_errors(form, refusal)
        else:
            messages.success(request, "Your details are saved.")
            return redirect("/inside/account")
    context = {
        "title": "Your details",
        "form": form,
        "version": found.version,
        "button": "Save",
        "back": "/inside/account",
    }
    return render(request, "doors/form.html", context, status=status_of(form))


class PreferenceForm(Form):
    """How e-mail comes."""

    email = forms.ChoiceField(
        label="When do you want e-mail?",
        choices=Preference.CHOICES,
        widget=forms.RadioSelect,
        error_messages={"required": "Select when you want e-mail"},
    )


def preference(request: ActorRequest) -> HttpResponse:
    """Choose how e-mail comes."""
    form = PreferenceForm(
        request.POST or None, initial={"email": queries.preference(request.actor).email}
    )
    if request.method == "POST" and form.is_valid():
        prefer(request.actor, form.cleaned_data["email"])
        messages.success(request, "Your choice is saved.")
        return redirect("/inside/notices")
    context = {"title": "E-mail about your work", "form": form, "back": "/inside/notices"}
    return render(request, "doors/form.html", context, status=status_of(form))


class TokenForm(Form):
    """A token of one's own."""

    name = forms.CharField(
        label="What is it for?",
        max_length=150,
        error_messages={"required": "Enter what the token is for"},
    )
    scopes = forms.MultipleChoiceField(
        label="What may it do?",
        choices=list(SCOPES.items()),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Select what the token may do"},
    )
    days = forms.IntegerField(
        label="For how many days?",
        min_value=1,
        max_value=365,
        initial=30,
        error_messages={
            "required": "Enter for how many days the token works",
            "invalid": "Enter the days as a whole number",
        },
    )


def tokens(request: ActorRequest) -> HttpResponseBase:
    """One's tokens."""
    columns = [
        Column("name", "For", link=lambda t: f"/inside/account/tokens/{t.pk}/revoke"),
        Column("scopes", "May", show=lambda held: "; ".join(scope_words(held))),
        Column(
            "used_at",
            "Last used, to the hour",
            show=lambda held: moment(held.used_at) if held.used_at else "Never",
        ),
        Column("expires_at", "Until", sort="expires_at"),
        Column("status", "Status", show=lambda t: t.state.label, sort="status"),
    ]
    rows = Token.objects.visible_to(request.actor)
    table = Table(columns, rows, name="tokens", noun=("token", "tokens"))
    new = [{"label": "Make a token", "href": "/inside/account/tokens/new"}]
    return table.respond(request, context={"title": "Your tokens", "actions": new})


def new_token(request: ActorRequest) -> HttpResponse:
    """Make a token; it is shown this once."""
    form = TokenForm(request.POST or None)
    secret = ""
    if request.method == "POST" and form.is_valid():
        ends = timezone.now() + timedelta(days=form.cleaned_data["days"])
        try:
            secret, _ = actions.issue_token(
                request.actor, form.cleaned_data["name"], form.cleaned_data["scopes"], ends
            )
        except Invalid as refusal:
            add_errors(form, refusal)
    if secret:
        return secret_page(
            request, "Your new token", secret, "/inside/account/tokens", "Your tokens"
        )
    context: dict[str, Any] = {
        "title": "Make a token",
        "form": form,
        "back": "/inside/account/tokens",
    }
    return render(request, "doors/form.html", context, status=status_of(form))


def revoke_token(request: ActorRequest, pk: int) -> HttpResponse:
    """Stop a token."""
    found = one(Token.objects.visible_to(request.actor), pk)
    if request.method == "POST":
        actions.revoke_token(request.actor, found)
        messages.success(request, "The token no longer works.")
        return redirect("/inside/account/tokens")
    context = {"title": f"Revoke “{found.name}”?", "back": "/inside/account/tokens"}
    return render(request, "pages/confirm.html", context)


class DeviceForm(Form):
    """The short code that the command line shows, then whether to allow it."""

    code = forms.CharField(label="Code", max_length=12, help_text="Such as BCDF-GHJK")
    allow = forms.BooleanField(required=False, widget=forms.HiddenInput)


def device(request: ActorRequest) -> HttpResponse:
    """Let the command line on another machine act as oneself for a month.

    The code is typed, never filled in by a link, and what it asks for is shown before it is given.
    """
    form = DeviceForm(request.POST or None)
    context: dict[str, Any] = {
        "title": "Let a command line act as you",
        "lead": "Only go on if you started this yourself and the code is the one you see there.",
        "form": form,
        "button": "Go on",
    }
    if request.method == "POST" and form.is_valid():
        found = oauth.waiting(form.cleaned_data["code"])
        if found is None:
            form.add_error("code", "No device waits for this code. Check it, or begin again.")
        elif form.cleaned_data["allow"] and request.actor.id is not None:
            oauth.allow(found["code"], request.actor.id)
            messages.success(request, "Done. Go back to the command line.")
            return redirect("/inside/account/tokens")
        else:
            context |= {"code": found["code"], "may": [SCOPES[scope] for scope in found["scopes"]]}
            return render(request, "pages/device.html", context)
    return render(request, "doors/form.html", context, status=status_of(form))
