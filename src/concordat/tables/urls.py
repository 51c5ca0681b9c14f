"""The data plane's addresses."""

from __future__ import annotations

from django.urls import path

from concordat.tables import views
from concordat.tables.api import protocol

_TABLE = "shares/<str:share>/schemas/<str:schema>/tables/<str:table>"

sharing_urls = [
    path("shares", protocol.shares),
    path("shares/<str:share>", protocol.share),
    path("shares/<str:share>/schemas", protocol.schemas),
    path("shares/<str:share>/all-tables", protocol.tables),
    path("shares/<str:share>/schemas/<str:schema>/tables", protocol.tables),
    path(f"{_TABLE}/version", protocol.version),
    path(f"{_TABLE}/metadata", protocol.metadata),
    path(f"{_TABLE}/query", protocol.query),
    path(f"{_TABLE}/changes", protocol.changes),
    path("file", protocol.file, name="sharing-file"),
]

inside_urls = [
    path("tables", views.tables, name="tables"),
    path("tables/new", views.new_table, name="new-table"),
    path("tables/<str:reference>", views.table, name="table"),
    path("tables/<str:reference>/load", views.load, name="load-table"),
    path("tables/<str:reference>/versions", views.versions),
    path("tables/<str:reference>/versions/<int:number>/rejects", views.rejects),
    path("tables/<str:reference>/<str:verb>", views.table_verb),
    path("shares", views.shares, name="shares"),
    path("shares/<str:reference>", views.share, name="share"),
    path("shares/<str:reference>/profile", views.profile, name="profile"),
    path("shares/<str:reference>/data.csv", protocol.data, {"kind": "csv"}, name="share-csv"),
    path("shares/<str:reference>/data.arrow", protocol.data, {"kind": "arrow"}, name="share-arrow"),
    path("shares/<str:reference>/reads", views.reads),
    path("shares/<str:reference>/<str:verb>", views.share_verb),
]
