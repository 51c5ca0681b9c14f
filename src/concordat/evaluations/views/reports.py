"""Pages to hand in reports."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from concordat.evaluations import actions, queries
from concordat.evaluations.forms.reports import PublishReportForm, ReportForm
from concordat.evaluations.models import Report
from concordat.evaluations.views.evaluations import status_of
from concordat.kernel.deeds.act import offered
from concordat.kernel.doors.actors import ActorRequest
from concordat.kernel.doors.fields import rows_of
from concordat.kernel.doors.forms import add_errors
from concordat.kernel.doors.verbs import take
from concordat.kernel.refusals import Invalid


def new_report(request: ActorRequest, reference: str) -> HttpResponse:
    """Hand in one more report."""
    found = queries.evaluation(request.actor, reference)
    form = ReportForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.add_report(request.actor, found, form.cleaned_data)
        except Invalid as refusal:
            add_errors(form, refusal)
        else:
            messages.success(request, "The draft is saved. Only your organisation can see it.")
            return redirect(f"{found.inside_url()}/reports/{made.pk}")
    context = {
        "title": "Add a report",
        "caption": found.title,
        "form": form,
        "back": found.inside_url(),
    }
    return render(request, "doors/form.html", context, status=status_of(form))


def report(request: ActorRequest, reference: str, pk: int) -> HttpResponse:
    """One report, with what the reader may do."""
    found = queries.evaluation(request.actor, reference)
    one = queries.report(request.actor, found, pk)
    context = {
        "title": one.title,
        "record": found,
        "report": one,
        "rows": rows_of(one, Report.FIELDS[1:]),
        "offered": offered(request.actor, one),
        "place": f"{found.inside_url()}/reports/{pk}",
        "back": found.inside_url(),
    }
    return render(request, "evaluations/report_inside.html", context)


def report_verb(request: ActorRequest, reference: str, pk: int, verb: str) -> HttpResponse:
    """Take a verb of a report's lifecycle."""
    found = queries.evaluation(request.actor, reference)
    one = queries.report(request.actor, found, pk)
    name, place = verb.replace("-", "_"), f"{found.inside_url()}/reports/{pk}"
    back = found.inside_url() if name == "remove" else place
    if name not in _VERBS:
        return take(request, one, name, actions.perform, back=back)
    form, action = _VERBS[name]
    initial = {field: getattr(one, field) for field in Report.FIELDS} if form else {}
    options: dict[str, Any] = {"initial": initial} if form else {}
    return take(request, one, name, action, form_class=form, form_options=options, back=back)


def _edit(actor: Any, one: Report, *, expected: int | None, **values: Any) -> Report:
    return actions.edit_report(actor, one, values, expected)


def _amend(actor: Any, one: Report, *, note: str, expected: int | None, **values: Any) -> Report:
    return actions.amend_report(actor, one, values, note=note, expected=expected)


_VERBS: dict[str, tuple[Any, Any]] = {
    "edit": (ReportForm, _edit),
    "amend": (ReportForm, _amend),
    "submit": (None, actions.submit_report),
    "return": (None, actions.return_report),
    "cancel": (None, actions.cancel_report),
    "publish": (PublishReportForm, actions.publish_report),
    "remove": (None, actions.remove_report),
}
