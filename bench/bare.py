"""The API's peer: ninja and nothing else, over the same rows, fields and database settings.

`/whole` is what ninja's introduction would write; `/only` reads no column that it does not show.
"""

from __future__ import annotations

import os
from datetime import date, datetime

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import path
from ninja import NinjaAPI, Schema

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "concordat.site.settings")
django.setup()
settings.MIDDLEWARE, settings.ROOT_URLCONF = [], __name__

from concordat.kernel.lifecycle import Visibility  # noqa: E402
from concordat.marketplace.models import Dataset  # noqa: E402


class Owner(Schema):
    """The publisher."""

    slug: str
    name: str


class DatasetRow(Schema):
    """The same fields as ours."""

    reference: str
    status: str
    visibility: int
    version: int
    owner: Owner
    turn: str
    due_at: datetime | None
    created_at: datetime
    modified_at: datetime
    title: str
    summary: str
    licence: str
    access_rights: str
    update_frequency: str
    modified_on: date


api = NinjaAPI(docs_url=None)
_PLAIN = [name for name in DatasetRow.model_fields if name != "owner"]


def _rows() -> QuerySet[Dataset]:
    public = Dataset.objects.filter(visibility=Visibility.PUBLIC)
    return public.select_related("owner").order_by("-id")


@api.get("/whole", response=list[DatasetRow])
def whole(request: HttpRequest) -> QuerySet[Dataset]:
    """Whole rows."""
    return _rows()[:20]


@api.get("/only", response=list[DatasetRow])
def only(request: HttpRequest) -> QuerySet[Dataset]:
    """The columns that are shown."""
    return _rows().only(*_PLAIN, "owner__slug", "owner__name")[:20]


urlpatterns = [path("", api.urls)]
application = get_wsgi_application()
