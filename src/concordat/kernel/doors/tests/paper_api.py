"""The throw-away record on the API."""

from __future__ import annotations

from typing import Annotated, Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import path
from ninja import Router
from pydantic import Field

from concordat.kernel.access import Actor
from concordat.kernel.doors.api import HouseAPI
from concordat.kernel.doors.paging import ListQuery
from concordat.kernel.doors.resources import Resource, Verb, mount
from concordat.kernel.doors.schemas import In, RecordDetail, RecordOut, inputs, outputs
from concordat.kernel.doors.tests import paper
from concordat.kernel.organisations.models import Organisation

PaperIn = inputs("PaperIn", paper.Paper, ["title", "pages", "due"])
PaperEdit = inputs("PaperEdit", paper.Paper, ["title", "pages", "due"], partial=True)
PaperOut = outputs("PaperOut", paper.Paper, ["title", "pages", "due"], RecordDetail)
PaperRow = outputs("PaperRow", paper.Paper, ["title", "pages"], RecordOut)


class PaperQuery(ListQuery):
    word: Annotated[str | None, Field(max_length=50)] = None


def read(actor: Actor, word: str | None = None) -> QuerySet[Any]:
    rows = paper.Paper.objects.visible_to(actor).select_related("owner")
    return rows.filter(title__icontains=word) if word else rows


def draft(actor: Actor, **fields: Any) -> paper.Paper:
    owner = Organisation.objects.get(pk=actor.home)
    return paper.draft(actor, owner, **fields)


api = HouseAPI(title="Papers", version="1", urls_namespace="papers")
router = Router(tags=["Papers"])
mount(
    router,
    Resource(
        model=paper.Paper,
        plural="papers",
        read=read,
        out=PaperOut,
        row=PaperRow,
        query=PaperQuery,
        verbs={
            "draft": Verb(draft, PaperIn),
            "edit": Verb(paper.do("edit"), PaperEdit),
            "publish": Verb(paper.do("publish")),
            "withdraw": Verb(paper.do("withdraw")),
        },
    ),
)


class Secret(In):
    name: str


@router.post("/secrets", response=dict[str, str], operation_id="make_secret")
def make_secret(request: Any, body: Secret, response: HttpResponse) -> dict[str, str]:
    response["Cache-Control"] = "no-store"
    return {"secret": "hunter2"}


api.add_router("", router)
urlpatterns = [path("api/v1/", api.urls)]
handler400 = "concordat.kernel.doors.errors.bad_request"
handler404 = "concordat.kernel.doors.errors.not_found"
handler500 = "concordat.kernel.doors.errors.server_error"
