"""The public door: reads only, as the public, whoever is looking."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from concordat.kernel.access import PUBLIC
from concordat.kernel.doors.charts import bar_chart
from concordat.kernel.doors.tables import Column, Table
from concordat.kernel.lifecycle import Visibility
from concordat.marketplace import queries
from concordat.marketplace.queries.rows import register_rows, resource_rows

# What a dataset's page shows of its distributions: half of what it costs is columns not shown.
_LISTED = ("title", "format", "media_type", "licence", "access_url", "download_url", "table__name")


def home(request: HttpRequest) -> HttpResponse:
    """What this is, and where to begin."""
    return render(request, "marketplace/public_home.html", {"title": ""})


def dataset(request: HttpRequest, reference: str) -> HttpResponse:
    """A public dataset: its permanent address."""
    found = queries.dataset(PUBLIC, reference)
    listed = queries.distributions(PUBLIC, found).select_related(None).select_related("table")
    uses = queries.register(PUBLIC).filter(request__dataset=found)
    uses = uses.select_related(None).select_related("acquirer")
    context = {
        "title": found.title,
        "record": found,
        "rows": [row for row in resource_rows(found, empty=False) if row[0] != "Summary"],
        "distributions": listed.only(*_LISTED),
        "may_ask": queries.can_be_asked_for(PUBLIC, found),
        "uses": uses.only("reference", "title", "status", "acquirer__name")[:50],
    }
    return render(request, "marketplace/dataset.html", context)


def data_service(request: HttpRequest, reference: str) -> HttpResponse:
    """A public data service: its permanent address."""
    found = queries.data_service(PUBLIC, reference)
    context = {
        "title": found.title,
        "record": found,
        "rows": resource_rows(found, empty=False),
        "served": queries.served(PUBLIC, found).only("reference", "title"),
    }
    return render(request, "marketplace/data_service.html", context)


def register(request: HttpRequest) -> HttpResponseBase:
    """The register of data uses: who uses whose data, for what, under which law."""
    columns = [
        Column("reference", "Reference", link=lambda a: a.get_absolute_url(), sort="reference"),
        Column("title", "Project", sort="title"),
        Column("request.dataset.title", "Dataset", value=_dataset_title),
        Column("owner.name", "Who shares", sort="owner__name"),
        Column("acquirer.name", "Who uses", sort="acquirer__name"),
        Column("status", "Status", show=lambda a: a.state.label, sort="status"),
        Column("starts_on", "From", sort="starts_on"),
        Column("ends_on", "Until", sort="ends_on"),
    ]
    table = Table(
        columns,
        queries.register(PUBLIC),
        name="register-of-data-uses",
        noun=("data use", "data uses"),
        caption="Register of data uses",
    )
    lead = "Every agreement that came into force: who uses whose data, for what, until when."
    chart = bar_chart(
        "Who shares most", queries.uses_by_supplier(PUBLIC), heads=("Organisation", "Data uses")
    )
    context = {"title": "Register of data uses", "lead": lead, "chart": chart}
    return table.respond(request, context=context)


def _dataset_title(found: object) -> str:
    """The dataset's title only where the dataset itself is public."""
    dataset = found.request.dataset  # type: ignore[attr-defined]
    return dataset.title if dataset.visibility == Visibility.PUBLIC else "Not public"


def register_entry(request: HttpRequest, reference: str) -> HttpResponse:
    """One use of data: its permanent address."""
    found = queries.register_entry(PUBLIC, reference)
    dataset = found.request.dataset
    context = {
        "title": found.title,
        "record": found,
        "rows": register_rows(found),
        "dataset": dataset if dataset.visibility == Visibility.PUBLIC else None,
    }
    return render(request, "marketplace/register_entry.html", context)
