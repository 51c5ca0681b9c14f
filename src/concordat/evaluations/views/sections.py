"""Pages to change what an evaluation says, one section at a time: a draft freely, a published plan
with a reason."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from concordat.evaluations import actions, forms, queries
from concordat.evaluations.models import Evaluation
from concordat.evaluations.rules.facts import Section
from concordat.evaluations.rules.plan import new_id
from concordat.evaluations.rules.sections import BY_NAME
from concordat.evaluations.views.evaluations import status_of
from concordat.kernel.doors.actors import ActorRequest
from concordat.kernel.doors.forms import Form, add_errors
from concordat.kernel.organisations.queries import of_slug
from concordat.kernel.refusals import Invalid, NotAllowed, NotVisible


def _changing(request: ActorRequest, reference: str) -> Evaluation:
    """The evaluation, where the reader may change what it says. Raises NotVisible, NotAllowed."""
    found = queries.evaluation(request.actor, reference)
    if not queries.may_change(request.actor, found):
        raise NotAllowed
    return found


def _with_why(found: Evaluation, form: Any) -> Any:
    """The form, which asks why once the plan is published."""
    if found.status == "published":
        form.fields.update(forms.AmendmentForm().fields)
    return form


def _write(request: ActorRequest, found: Evaluation, form: Any, values: dict[str, Any]) -> None:
    sent = request.POST.get("version", "")
    expected = int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 10 else None
    if found.status == "published":
        why = {"note": form.cleaned_data["note"], "slip": form.cleaned_data["slip"]}
        actions.amend_evaluation(request.actor, found, values, expected=expected, **why)
    else:
        actions.edit_evaluation(request.actor, found, values, expected=expected)


def _page(
    request: ActorRequest, found: Evaluation, form: Any, title: str, values: Any, lead: str = ""
) -> HttpResponse:
    """Ask, and write what `values(form)` makes of a good answer."""
    if request.method == "POST" and form.is_valid():
        try:
            _write(request, found, form, values(form))
        except Invalid as refusal:
            add_errors(form, refusal)
        else:
            messages.success(request, "Saved.")
            return redirect(found.inside_url())
    context = {
        "title": title,
        "caption": found.title,
        "lead": lead,
        "form": form,
        "version": found.version,
        "back": found.inside_url(),
    }
    return render(request, "doors/form.html", context, status=status_of(form))


def description(request: ActorRequest, reference: str) -> HttpResponse:
    """What the evaluation is, in one page."""
    found = _changing(request, reference)
    initial = {
        **{name: getattr(found, name) for name in found.FIELDS},
        "partners": [partner.slug for partner in found.partners.all()],
        "projects": [project.number for project in found.projects.all()],
        "approver": found.approver_id,
    }
    form = forms.DescriptionForm(
        request.POST or None, initial=initial, approvers=queries.approvers(request.actor, found)
    )

    def values(answered: Any) -> dict[str, Any]:
        told = {name: answered.cleaned_data[name] for name in found.FIELDS}
        slugs = answered.cleaned_data["partners"]
        told["partners"] = [of_slug(request.actor, slug, "partners") for slug in slugs]
        numbers = answered.cleaned_data["projects"]
        told["projects"] = queries.projects.projects_of(request.actor, numbers)
        if found.status == "draft":
            told["approver"] = answered.cleaned_data["approver"]
        return told

    return _page(request, found, _with_why(found, form), "What it is", values)


def section(request: ActorRequest, reference: str, name: str) -> HttpResponse:
    """One section of the plan; of a list, one thing more."""
    return _section(request, reference, name, "")


def item(request: ActorRequest, reference: str, name: str, item_id: str) -> HttpResponse:
    """One thing in a list of the plan."""
    return _section(request, reference, name, item_id)


def _section(request: ActorRequest, reference: str, name: str, item_id: str) -> HttpResponse:
    found, asked = _changing(request, reference), _asked(name)
    held = _held(found, asked, item_id)
    form = forms.section_form(asked)(request.POST or None, initial=held)

    def values(answered: Any) -> dict[str, Any]:
        facts = {
            f.name: v for f in asked.facts if (v := answered.cleaned_data.get(f.name)) is not None
        }
        return {"plan": _with(found, asked, item_id, facts)}

    title = asked.title if not asked.many else (held.get("name") or f"Add: {asked.one}")
    return _page(request, found, _with_why(found, form), title, values)


def _asked(name: str) -> Section:
    if name not in BY_NAME:
        raise NotVisible
    return BY_NAME[name]


def _held(found: Evaluation, asked: Section, item_id: str) -> dict[str, Any]:
    """What the plan says of a section, or of one thing in it. Raises NotVisible for no such thing."""
    if not asked.many:
        return dict(found.plan.get(asked.name, {}))
    if not item_id:
        return {}
    for held in found.plan.get(asked.name, []):
        if held["id"] == item_id:
            return dict(held)
    raise NotVisible


def _with(
    found: Evaluation, asked: Section, item_id: str, facts: dict[str, Any] | None
) -> dict[str, Any]:
    """The plan with a section's facts replaced, or one thing replaced, added or (None) removed."""
    if not asked.many:
        return {**found.plan, asked.name: facts or {}}
    items = list(found.plan.get(asked.name, []))
    if not item_id:
        items.append({"id": new_id(asked, items), **(facts or {})})
        return {**found.plan, asked.name: items}
    changed = [] if facts is None else [{"id": item_id, **facts}]
    items = [each for held in items for each in (changed if held["id"] == item_id else [held])]
    return {**found.plan, asked.name: items}


def remove_item(request: ActorRequest, reference: str, name: str, item_id: str) -> HttpResponse:
    """Take a thing out of a list of the plan."""
    found, asked = _changing(request, reference), _asked(name)
    held = _held(found, asked, item_id)
    if not held:
        raise NotVisible
    form = _with_why(found, Form(request.POST if request.method == "POST" else None))
    title = f"Remove {held.get('name') or held.get('title') or asked.one}"
    lead = "Earlier versions keep it." if found.status == "published" else ""
    return _page(
        request, found, form, title, lambda _: {"plan": _with(found, asked, item_id, None)}, lead
    )


def dates(request: ActorRequest, reference: str) -> HttpResponse:
    """One dated event: added, or put in the place of the one of its kind."""
    found = _changing(request, reference)
    event, _, kind = request.GET.get("of", "").partition(".")
    held = next((h for h in found.dates if (h["event"], h["kind"]) == (event, kind)), None)
    form = forms.DatesForm(request.POST or None, initial=held or {"event": event, "kind": kind})

    def values(answered: Any) -> dict[str, Any]:
        told = {name: answered.cleaned_data[name] for name in ("event", "on", "kind")}
        key = (told["event"], told["kind"])
        others = [h for h in found.dates if (h["event"], h["kind"]) != key]
        return {"dates": [*others, told]}

    lead = "An estimate stays beside what happened, so that everybody can see how far it moved."
    return _page(request, found, _with_why(found, form), "A date", values, lead)


def hiding(request: ActorRequest, reference: str) -> HttpResponse:
    """Keep a part of the plan closed until a date, or until the evaluation is complete."""
    found = _changing(request, reference)
    form = forms.HidingForm(request.POST or None)

    def values(answered: Any) -> dict[str, Any]:
        told = answered.cleaned_data
        return {"hidden": {**found.hidden, told["path"]: told["until"]}}

    lead = (
        "What is hidden is committed to: when it opens, anyone can check that it was not changed. "
        "Hide only what would harm the evaluation if participants knew it."
    )
    return _page(request, found, _with_why(found, form), "Hide a part of the plan", values, lead)
