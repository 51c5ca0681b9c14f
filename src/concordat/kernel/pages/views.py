"""The kernel's pages for people who have signed in."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone

from concordat.kernel.access import SCOPES, all_roles, role_label
from concordat.kernel.access.models import Grant
from concordat.kernel.access.policy import PLATFORM_ROLES, Can
from concordat.kernel.administration import actions, oauth
from concordat.kernel.deeds import act
from concordat.kernel.doors.actors import ActorRequest
from concordat.kernel.doors.forms import Form, add_errors
from concordat.kernel.doors.tables import Column, Table
from concordat.kernel.jobs.models import JOB, Job
from concordat.kernel.notices.actions import prefer, read_all
from concordat.kernel.notices.models import Notice, Preference
from concordat.kernel.organisations.models import Organisation
from concordat.kernel.pages.public import search_page
from concordat.kernel.people.models import Person, Token
from concordat.kernel.refusals import Invalid, NotVisible


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
    return table.respond(request, "pages/notices.html", {"title": "Notices"})


class PreferenceForm(Form):
    """How e-mail comes."""

    email = forms.ChoiceField(
        label="When do you want e-mail?",
        choices=Preference.CHOICES,
        widget=forms.RadioSelect,
    )


def preference(request: ActorRequest) -> HttpResponse:
    """Choose how e-mail comes."""
    held = Preference.objects.visible_to(request.actor).first()
    form = PreferenceForm(
        request.POST or None, initial={"email": held.email if held else "at_once"}
    )
    if request.method == "POST" and form.is_valid():
        prefer(request.actor, form.cleaned_data["email"])
        messages.success(request, "Your choice is saved.")
        return redirect("/inside/notices")
    context = {"title": "E-mail about your work", "form": form, "back": "/inside/notices"}
    return render(request, "doors/form.html", context, status=_status(form))


def _status(form: forms.BaseForm) -> int:
    return 422 if form.is_bound and form.errors else 200


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
    """One job: how far it is, how it ended; a POST cancels it."""
    found = Job.objects.visible_to(request.actor).filter(pk=min(pk, 2**63 - 1)).first()
    if found is None:
        raise NotVisible
    if request.method == "POST":
        act(request.actor, JOB["cancel"], found)
        return redirect(found.get_absolute_url())
    context = {"title": found.title, "it": found, "back": "/inside/jobs"}
    return render(request, "pages/job.html", context)


class TokenForm(Form):
    """A token of one's own."""

    name = forms.CharField(label="What is it for?", max_length=150)
    scopes = forms.MultipleChoiceField(
        label="What may it do?", choices=list(SCOPES.items()), widget=forms.CheckboxSelectMultiple
    )
    days = forms.IntegerField(label="For how many days?", min_value=1, max_value=365, initial=30)


def tokens(request: ActorRequest) -> HttpResponseBase:
    """One's tokens."""
    columns = [
        Column("name", "For", link=lambda t: f"/inside/account/tokens/{t.pk}/revoke"),
        Column("scopes", "May"),
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
        context: dict[str, Any] = {"title": "Your new token", "secret": secret}
        return render(request, "pages/new_token.html", context)
    context = {"title": "Make a token", "form": form, "back": "/inside/account/tokens"}
    return render(request, "doors/form.html", context, status=_status(form))


def revoke_token(request: ActorRequest, pk: int) -> HttpResponse:
    """Stop a token."""
    found = Token.objects.visible_to(request.actor).filter(pk=min(pk, 2**63 - 1)).first()
    if found is None:
        raise NotVisible
    if request.method == "POST":
        actions.revoke_token(request.actor, found)
        messages.success(request, "The token no longer works.")
        return redirect("/inside/account/tokens")
    context = {"title": f"Revoke “{found.name}”?", "back": "/inside/account/tokens"}
    return render(request, "pages/confirm.html", context)


class DeviceForm(Form):
    """The short code that the command line shows."""

    code = forms.CharField(label="Code", max_length=12, help_text="Such as BCDF-GHJK")


def device(request: ActorRequest) -> HttpResponse:
    """Let the command line on another machine act as oneself for a month."""
    form = DeviceForm(request.POST or None, initial={"code": request.GET.get("code", "")[:12]})
    if request.method == "POST" and form.is_valid():
        found = oauth.waiting(form.cleaned_data["code"])
        if found is None:
            form.add_error("code", "No device waits for this code. Check it, or begin again.")
        else:
            ends = timezone.now() + timedelta(days=30)
            secret, _ = actions.issue_token(request.actor, "command line", found["scopes"], ends)
            oauth.allow(found["code"], secret)
            messages.success(request, "Done. Go back to the command line.")
            return redirect("/inside/account/tokens")
    context = {
        "title": "Let a command line act as you",
        "lead": "Only go on if you started this yourself and the code is the one you see there.",
        "form": form,
        "button": "Allow",
    }
    return render(request, "doors/form.html", context, status=_status(form))


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
    bodies = request.actor.bodies(Can.PERSON_INVITE)
    form.fields["owner"].queryset = Organisation.objects.filter(pk__in=bodies)  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.invite_person(request.actor, **form.cleaned_data)
        except Invalid as refusal:
            add_errors(form, refusal)
        else:
            messages.success(request, f"{made.name} has an account.")
            return redirect(f"/inside/admin/people/{made.pk}")
    context = {"title": "Invite somebody", "form": form, "back": "/inside/admin/people"}
    return render(request, "doors/form.html", context, status=_status(form))


class RoleForm(Form):
    """A role somewhere."""

    owner = forms.ModelChoiceField(Organisation.objects.none(), label="Organisation")
    role = forms.ChoiceField()


def person(request: ActorRequest, pk: int) -> HttpResponse:
    """One person and their roles; a POST gives one more."""
    found = Person.objects.visible_to(request.actor).filter(pk=min(pk, 2**63 - 1)).first()
    if found is None:
        raise NotVisible
    form = RoleForm(request.POST or None)
    form.fields["role"].choices = [  # type: ignore[attr-defined]
        (r, role_label(r)) for r in sorted(all_roles()) if r not in PLATFORM_ROLES
    ]
    bodies = request.actor.bodies(Can.GRANT_GIVE)
    form.fields["owner"].queryset = Organisation.objects.filter(pk__in=bodies)  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        try:
            actions.give_role(request.actor, person=found, **form.cleaned_data)
        except Invalid as refusal:
            add_errors(form, refusal)
        else:
            messages.success(request, "The role is given.")
            return redirect(request.path)
    held = Grant.objects.visible_to(request.actor).filter(person=found, status="active")
    context = {
        "title": found.name,
        "it": found,
        "grants": [(g, role_label(g.role)) for g in held.select_related("owner")],
        "form": form if bodies else None,
        "back": "/inside/admin/people",
    }
    return render(request, "pages/person.html", context, status=_status(form))


def revoke_role(request: ActorRequest, pk: int) -> HttpResponse:
    """Take a role back."""
    found = Grant.objects.visible_to(request.actor).filter(pk=min(pk, 2**63 - 1)).first()
    if found is None:
        raise NotVisible
    back = f"/inside/admin/people/{found.person_id}"
    if request.method == "POST":
        actions.revoke_role(request.actor, found)
        messages.success(request, "The role is taken back.")
        return redirect(back)
    title = f"Take back the role {role_label(found.role).lower()}?"
    return render(request, "pages/confirm.html", {"title": title, "back": back})
