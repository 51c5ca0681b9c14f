"""The data plane's addresses."""

from __future__ import annotations

from django.urls import path

from concordat.tables import api, views

_TABLE = "shares/<str:share>/schemas/<str:schema>/tables/<str:table>"

sharing_urls = [
    path("shares", api.shares),
    path("shares/<str:share>", api.share),
    path("shares/<str:share>/schemas", api.schemas),
    path("shares/<str:share>/all-tables", api.tables),
    path("shares/<str:share>/schemas/<str:schema>/tables", api.tables),
    path(f"{_TABLE}/version", api.version),
    path(f"{_TABLE}/metadata", api.metadata),
    path(f"{_TABLE}/query", api.query),
    path(f"{_TABLE}/changes", api.changes),
    path("file", api.file, name="sharing-file"),
]

inside_urls = [
    path("tables", views.tables, name="tables"),
    path("tables/<str:reference>", views.table, name="table"),
    path("shares/<str:reference>/profile", views.profile, name="profile"),
    path("shares/<str:reference>/data.csv", api.data, {"kind": "csv"}, name="share-csv"),
    path("shares/<str:reference>/data.arrow", api.data, {"kind": "arrow"}, name="share-arrow"),
]

api_urls = [
    path("shares/<str:reference>/data.csv", api.data, {"kind": "csv"}),
    path("shares/<str:reference>/data.arrow", api.data, {"kind": "arrow"}),
]
