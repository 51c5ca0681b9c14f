"""One verb of a record, taken through a page: confirm, perhaps say why, done."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from concordat.kernel import refusals
from concordat.kernel.deeds.act import offered
from concordat.kernel.doors.actors import ActorRequest
from concordat.kernel.doors.forms import Form, add_errors
from concordat.kernel.doors.records import past
from concordat.kernel.lifecycle import Note, Transition
from concordat.kernel.publication.models import Record
from concordat.kernel.subject import Subject


class NoteForm(Form):
    """The words that go with a deed."""

    note = forms.CharField(
        label="Why?",
        error_messages={"required": "Enter the reason, so that the others know"},
        widget=forms.Textarea,
        max_length=4000,
        help_text="The organisations this is between can read it.",
    )


def take(
    request: ActorRequest,
    record: Subject,
    verb: str,
    action: Callable[..., Any],
    *,
    form_class: type[forms.BaseForm] | None = None,
    form_options: Mapping[str, Any] | None = None,
    lead: str = "",
    done: str = "",
    back: str = "",
) -> HttpResponse:
    """The page that takes `verb` on `record` by calling `action`, then goes `back` or to the record.

    `action(actor, record, *, note, expected, **cleaned)` is the service's own; `note` is passed
    only where the transition takes one. The version the reader saw travels in the form, so that
    a change made in between is told and not overwritten.

    Raises NotAllowed or WrongState when the verb is not offered, and what the action raises except
    Invalid, which is shown beside the fields.
    """
    if verb not in record.LIFECYCLE:
        raise refusals.NotVisible
    transition = record.LIFECYCLE[verb]
    if request.method != "POST":
        _refuse_unless_offered(request, record, transition)
    form = _form(request, record, transition, form_class, form_options or {})
    if request.method == "POST" and form.is_valid():
        fields = dict(form.cleaned_data)
        expected = fields.pop("version", None)
        try:
            after = action(request.actor, record, expected=expected, **fields)
        except refusals.Invalid as refusal:
            add_errors(form, refusal)
        else:
            messages.success(request, done or f"{past(transition.text)}.")
            return redirect(_home(after if isinstance(after, Record) else record, back))
    return _confirm(request, record, transition, form, lead, back)


def _home(subject: Subject, back: str) -> str:
    return back or (subject.inside_url() if isinstance(subject, Record) else "/inside")


def _refuse_unless_offered(request: ActorRequest, record: Subject, transition: Transition) -> None:
    if transition in offered(request.actor, record):
        return
    if transition.starts_from(record.status):
        raise refusals.NotAllowed
    raise refusals.WrongState(
        f"“{transition.text}” cannot be done while this is “{record.state.label}”."
    )


def _form(
    request: ActorRequest,
    record: Subject,
    transition: Transition,
    form_class: type[forms.BaseForm] | None,
    options: Mapping[str, Any],
) -> forms.BaseForm:
    sent: dict[str, Any] = (
        {"data": request.POST, "files": request.FILES} if request.method == "POST" else {}
    )
    form = (form_class or Form)(**sent, **options)
    if transition.note is not Note.NONE and "note" not in form.fields:
        form.fields["note"] = NoteForm().fields["note"]
        form.fields["note"].required = transition.note is Note.REQUIRED
    form.fields["version"] = forms.IntegerField(
        widget=forms.HiddenInput, initial=record.version, required=False, max_value=2**31 - 1
    )
    return form


def _confirm(
    request: ActorRequest,
    record: Subject,
    transition: Transition,
    form: forms.BaseForm,
    lead: str,
    back: str,
) -> HttpResponse:
    states = record.LIFECYCLE.states
    target = states[transition.target] if transition.target else None
    consequences = [f"it is “{target.label}”"] if target else []
    if transition.opens_to is not None:
        consequences.append(f"who can see it: {transition.opens_to.label.lower()}")
    if target and target.turn:
        side = record.side_field(target.turn)
        stands = getattr(record, side, None) if side else None
        within = f", who have {target.days} days" if target.days else ""
        consequences.append(f"the next turn is with {stands or target.turn}{within}")
    context = {
        "title": f"{transition.text}: {record.title_text}",
        "record": record,
        "transition": transition,
        "form": form,
        "lead": lead,
        "consequences": consequences,
        "warn": bool(target and target.end),
        "ends": bool(target and target.end) and not transition.main,
        "back": _home(record, back),
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "doors/confirm_verb.html", context, status=status)
