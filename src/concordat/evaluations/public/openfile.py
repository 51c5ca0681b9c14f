"""The open files: everything public, one file a day, in three forms."""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings
from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from markupsafe import Markup

from concordat.evaluations.queries.openfile import MANIFEST, open_days, open_file
from concordat.kernel.access import PUBLIC
from concordat.kernel.doors.tables import Column, Table

_TYPES: Final = {
    "json": "application/json",
    "csv": "text/csv; charset=utf-8; header=present",
    "parquet": "application/vnd.apache.parquet",
    MANIFEST: "application/json",
}

_LABELS: Final = (("csv", "CSV"), ("json", "JSON"), ("parquet", "Parquet"), (MANIFEST, "Manifest"))


def open_files(request: HttpRequest) -> HttpResponseBase:
    """The days that have one."""
    columns = [
        Column("date", "Day", sort="date"),
        *(
            Column(form, label, value=_size(form), show=_link(form), numeric=True)
            for form, label in _LABELS
        ),
    ]
    days = open_days(PUBLIC)
    table = Table(columns, days, name="open-files", noun=("day", "days"))
    lead = (
        "Everything that is public about evaluations, one file a day, which never changes. The JSON "
        "holds every version of every plan; the manifest names the seal of the audit log that it "
        "rests on, so that anybody can check that nothing was changed and nothing left out."
    )
    context = {
        "title": "Open data on evaluations",
        "lead": lead,
        "back": "/evaluations",
        "place": settings.BASE_URL,
        "newest": days[0].date if days else "",
    }
    return table.respond(request, "evaluations/open.html", context)


def _size(form: str) -> Any:
    return lambda day: day.sizes[form]


def _link(form: str) -> Any:
    link = Markup(
        '<a class="govuk-link" href="/evaluations/open/{0}.{1}">{2:,} bytes'
        '<span class="govuk-visually-hidden"> of {1}, {0}</span></a>'
    )
    return lambda day: link.format(day.date, form, day.sizes[form])


def as_json(request: HttpRequest, date: str) -> HttpResponseBase:
    """The whole of it."""
    return _file(date, "json")


def as_csv(request: HttpRequest, date: str) -> HttpResponseBase:
    """One line an evaluation."""
    return _file(date, "csv")


def as_parquet(request: HttpRequest, date: str) -> HttpResponseBase:
    """The same lines, with the versions of each plan as JSON."""
    return _file(date, "parquet")


def manifest(request: HttpRequest, date: str) -> HttpResponseBase:
    """How much there is, the SHA-256 of each form, and the seal."""
    return _file(date, MANIFEST)


def _file(date: str, form: str) -> HttpResponseBase:
    file = open_file(PUBLIC, date, form)
    return FileResponse(file, content_type=_TYPES[form], filename=f"evaluations-{date}.{form}")
