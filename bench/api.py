"""The API's list of 20 and the public dataset page, beside a bare ninja endpoint on the same rows."""

from __future__ import annotations

import io

from django.core.management import call_command
from django.db.models import QuerySet
from django.test import Client, RequestFactory
from ninja import NinjaAPI, Schema

from bench.measure import Row, seconds
from concordat.kernel.access import PUBLIC
from concordat.kernel.organisations.models import Organisation
from concordat.marketplace import queries
from concordat.marketplace.models import Dataset


class Bare(Schema):
    """The same fields, as ninja's own introduction would show them."""

    reference: str
    title: str
    summary: str
    status: str
    licence: str
    version: int


def run() -> list[Row]:
    """Milliseconds a call, in process."""
    if not Organisation.objects.exists():
        call_command("demo", "--build-only", "--rows", "0.01", stdout=io.StringIO())
    client = Client(SERVER_NAME="127.0.0.1")
    assert client.get("/api/v1/datasets").status_code == 200
    api = NinjaAPI(urls_namespace="bench", docs_url=None)

    @api.get("/datasets", response=list[Bare], operation_id="bare")
    def bare(request: object) -> QuerySet[Dataset]:
        return Dataset.objects.visible_to(PUBLIC).order_by("-id")[:20]

    pattern = next(p for p in api.urls[0] if str(p.pattern) == "datasets")
    request = RequestFactory().get("/datasets")
    ours = seconds(lambda: [client.get("/api/v1/datasets") for _ in range(20)]) / 20
    theirs = seconds(lambda: [pattern.callback(request) for _ in range(20)]) / 20
    found = queries.datasets(PUBLIC).first()
    address = found.get_absolute_url() if found else "/"
    page = seconds(lambda: [client.get(address) for _ in range(20)]) / 20
    return [
        Row(
            "API list of 20, whole stack",
            f"{1000 * ours:.1f} ms",
            f"bare ninja view, no middleware: {1000 * theirs:.1f} ms",
            f"{ours / theirs:.2f}",
            "1.5",
        ),
        Row(
            "public dataset page, one worker",
            f"{1 / page:.0f} a second",
            "",
            "",
            "150 on 2 workers",
        ),
    ]
