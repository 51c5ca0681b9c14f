"""The roles held in the bodies one administers, also by people of other bodies."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from concordat.kernel.access import role_label
from concordat.kernel.access.models import Grant
from concordat.kernel.access.policy import Can
from concordat.kernel.administration import actions
from concordat.kernel.doors.actors import ActorRequest
from concordat.kernel.doors.forms import add_errors, offer_bodies
from concordat.kernel.doors.tables import Column, Table
from concordat.kernel.organisations.queries import bodies_of
from concordat.kernel.pages.views.parts import one, status_of
from concordat.kernel.pages.views.people import RoleForm, role_choices
from concordat.kernel.people.models import Client, Person
from concordat.kernel.refusals import Invalid, NotAllowed

_HERE = "/inside/admin/roles"


def roles(request: ActorRequest) -> HttpResponseBase:
    """Who holds which role in the bodies one administers."""
    bodies = request.actor.bodies(Can.GRANT_GIVE)
    rows = Grant.objects.visible_to(request.actor).filter(status="active", owner_id__in=bodies)
    columns = [
        Column("holder", "Who", value=lambda g: str(g.person or g.client)),
        Column("home", "Works at", value=lambda g: str((g.person or g.client).owner or "")),
        Column("role", "Role", value=lambda g: role_label(g.role), sort="role"),
        Column("owner.name", "In", sort="owner__name"),
        Column(
            "revoke", "Change", value=lambda g: "Take back", link=lambda g: f"{_HERE}/{g.pk}/revoke"
        ),
    ]
    rows = rows.select_related("owner", "person__owner", "client__owner")
    table = Table(columns, rows.order_by("id"), name="roles", noun=("role", "roles"))
    context: dict[str, Any] = {"title": "Roles", "back": "/inside/admin"}
    if bodies:
        context["actions"] = [{"label": "Give a role by e-mail address", "href": f"{_HERE}/new"}]
    return table.respond(request, context=context)


class AddressForm(RoleForm):
    """Whom, by their address."""

    email = forms.EmailField(
        label="E-mail address",
        help_text="The whole address of their account, at whichever organisation they work.",
        widget=forms.EmailInput({"autocomplete": "off", "spellcheck": "false"}),
    )
    field_order = ("email", "owner", "role")


def new_role(request: ActorRequest) -> HttpResponse:
    """Give a role in one's body to somebody of any body, by their address."""
    bodies = bodies_of(request.actor, Can.GRANT_GIVE)
    if not bodies:
        raise NotAllowed
    form = AddressForm(request.POST or None)
    offer_bodies(form, bodies)
    form.fields["role"].choices = role_choices(request.actor)  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        try:
            given = actions.give_role_to_address(request.actor, **form.cleaned_data)
        except Invalid as refusal:
            add_errors(form, refusal)
        else:
            messages.success(request, f"{given.person} has the role in {given.owner}.")
            return redirect(_HERE)
    context = {
        "title": "Give a role by e-mail address",
        "lead": "Use this for people of other organisations, who are not in your list of people.",
        "form": form,
        "button": "Give the role",
        "back": _HERE,
    }
    return render(request, "doors/form.html", context, status=status_of(form))


def revoke_role(request: ActorRequest, pk: int) -> HttpResponse:
    """Take a role back."""
    found = one(Grant.objects.visible_to(request.actor), pk)
    back = _home(request, found)
    if request.method == "POST":
        actions.revoke_role(request.actor, found)
        messages.success(request, "The role is taken back.")
        return redirect(back)
    title = (
        f"Take back the role {role_label(found.role).lower()} from {found.person or found.client}?"
    )
    return render(request, "pages/confirm.html", {"title": title, "back": back})


def _home(request: ActorRequest, found: Grant) -> str:
    """The page of whoever holds the role, or the list for people of another body."""
    holders: Any = Person.objects if found.person_id else Client.objects
    pk = found.person_id or found.client_id
    if not holders.visible_to(request.actor).filter(pk=pk).exists():
        return _HERE
    return f"/inside/admin/{'people' if found.person_id else 'clients'}/{pk}"
