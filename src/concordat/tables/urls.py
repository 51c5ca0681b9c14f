"""The data plane's addresses."""

from __future__ import annotations

from django.urls import path

from concordat.tables.api import protocol, streams
from concordat.tables.sharing.files import FORMATS
from concordat.tables.views import outputs, shares, stored

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
    path("tables", stored.tables, name="tables"),
    path("tables/new", stored.new_table, name="new-table"),
    path("tables/<str:reference>", stored.table, name="table"),
    path("tables/<str:reference>/load", stored.load, name="load-table"),
    path("tables/<str:reference>/uploads/<int:pk>", stored.waiting, name="waiting-file"),
    path("tables/<str:reference>/versions", stored.versions),
    path("tables/<str:reference>/versions/<int:number>/rejects", stored.rejects),
    path("tables/<str:reference>/<str:verb>", stored.table_verb),
    path("shares", shares.shares, name="shares"),
    path("shares/<str:reference>", shares.share, name="share"),
    path("shares/<str:reference>/profile", shares.profile, name="profile"),
    *(
        path(f"shares/<str:reference>/data.{kind}", streams.data, {"kind": kind})
        for kind in FORMATS
    ),
    path("shares/<str:reference>/prepare", shares.prepare),
    path("shares/<str:reference>/reads", shares.reads),
    path("shares/<str:reference>/totals", outputs.totals, name="ask-totals"),
    path("shares/<str:reference>/<str:verb>", shares.share_verb),
    path("outputs", outputs.outputs, name="outputs"),
    path("outputs/<str:reference>", outputs.output, name="output"),
    path("outputs/<str:reference>/table.csv", outputs.as_csv),
    path("outputs/<str:reference>/review", outputs.review),
    path("outputs/<str:reference>/<str:verb>", outputs.output_verb),
]
