"""Pages to say in which forms a dataset can be had, and what its columns mean."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from concordat.kernel.doors.actors import ActorRequest
from concordat.kernel.doors.forms import add_errors
from concordat.kernel.refusals import Invalid, NotAllowed
from concordat.marketplace import actions, queries
from concordat.marketplace.forms import ColumnForm, DistributionForm
from concordat.marketplace.models import Dataset
from concordat.marketplace.views.catalogue import status_of, version_of
from concordat.tables import queries as table_queries

_MOST_ON_A_PAGE = 300  # a wider dictionary is edited through the API
_SPARE = 3


def new_distribution(request: ActorRequest, reference: str) -> HttpResponse:
    """Say in which form a dataset can be had."""
    found = queries.dataset(request.actor, reference)
    form = _form(request, found)
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_distribution(request.actor, found, form.cleaned_data)
        except Invalid as refusal:
            add_errors(form, refusal)
        else:
            messages.success(request, "The distribution is listed.")
            return redirect(found.inside_url())
    return _page(request, "Add a distribution", found, form)


def _form(request: ActorRequest, found: Dataset, **options: Any) -> DistributionForm:
    if not queries.may_describe(request.actor, found):
        raise NotAllowed
    tables = table_queries.tables(request.actor).filter(owner=found.owner)
    return DistributionForm(request.POST or None, tables=tables, **options)


def _page(request: ActorRequest, title: str, found: Dataset, form: Any) -> HttpResponse:
    context = {
        "title": title,
        "caption": found.title,
        "form": form,
        "back": found.inside_url(),
    }
    return render(request, "doors/form.html", context, status=status_of(form))


def distribution(request: ActorRequest, reference: str, pk: int) -> HttpResponse:
    """Change how a distribution is described."""
    found = queries.dataset(request.actor, reference)
    listed = queries.distribution(request.actor, found, min(pk, 2**63 - 1))
    names = DistributionForm.Meta.fields
    form = _form(request, found, initial={name: getattr(listed, name) for name in names})
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit_distribution(request.actor, listed, form.cleaned_data)
        except Invalid as refusal:
            add_errors(form, refusal)
        else:
            messages.success(request, "Saved.")
            return redirect(found.inside_url())
    return _page(request, "Change a distribution", found, form)


def remove_distribution(request: ActorRequest, reference: str, pk: int) -> HttpResponse:
    """Take a distribution off the list."""
    found = queries.dataset(request.actor, reference)
    listed = queries.distribution(request.actor, found, min(pk, 2**63 - 1))
    if request.method == "POST":
        actions.remove_distribution(request.actor, listed)
        messages.success(request, f"“{listed.title}” is no longer listed.")
        return redirect(found.inside_url())
    context = {"title": f"Remove “{listed.title}” from the list?", "back": found.inside_url()}
    return render(request, "pages/confirm.html", context)


def dictionary(request: ActorRequest, reference: str) -> HttpResponse:
    """Say what each column means; `?from=table` begins with the columns that are stored."""
    found = queries.dataset(request.actor, reference)
    if not queries.may_describe(request.actor, found):
        raise NotAllowed
    rows = _columns(request, found)
    if len(rows) > _MOST_ON_A_PAGE:
        raise Invalid({}, f"More than {_MOST_ON_A_PAGE} columns are edited through the API.")
    made = forms.formset_factory(ColumnForm, extra=_SPARE, max_num=_MOST_ON_A_PAGE)
    formset = made(request.POST or None, initial=rows, prefix="columns")
    wrong: list[str] = []
    if request.method == "POST" and formset.is_valid():
        try:
            _save(request, found, formset.cleaned_data)
        except Invalid as refusal:
            wrong = [text for texts in refusal.errors.values() for text in texts]
        else:
            messages.success(request, "The data dictionary is saved.")
            return redirect(found.inside_url())
    context = {
        "title": "What the columns mean",
        "caption": found.title,
        "formset": formset,
        "problems": [{"text": text} for text in wrong],
        "version": found.version,
        "stored": bool(queries.stored_columns(request.actor, found)),
        "back": found.inside_url(),
    }
    status = 422 if wrong or (formset.is_bound and not formset.is_valid()) else 200
    return render(request, "marketplace/dictionary.html", context, status=status)


def _columns(request: ActorRequest, found: Dataset) -> list[dict[str, Any]]:
    """What the page begins with: the dictionary, and stored columns that it lacks if asked."""
    rows = [dict(column) for column in found.dictionary]
    if request.GET.get("from") == "table":
        known = {str(column["name"]).casefold() for column in rows}
        stored = queries.stored_columns(request.actor, found)
        rows += [column for column in stored if column["name"].casefold() not in known]
    return rows


def _save(request: ActorRequest, found: Dataset, rows: list[dict[str, Any]]) -> None:
    """Keep what the page does not ask for (code lists) and leave out what was not filled in."""
    kept = {str(c["name"]).casefold(): c for c in found.dictionary if "codes" in c}
    columns = []
    for row in rows:
        column = {name: value for name, value in row.items() if value}
        if name := column.get("name"):
            codes = kept.get(name.casefold(), {}).get("codes")
            columns.append({**column, **({"codes": codes} if codes else {})})
    verb = actions.edit_dataset if found.status == "draft" else actions.amend_dataset
    verb(request.actor, found, {"dictionary": columns}, expected=version_of(request))
