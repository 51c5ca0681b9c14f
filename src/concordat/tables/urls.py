"""The data plane's addresses."""

from __future__ import annotations

from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from concordat.tables.api import protocol, resumable, streams
from concordat.tables.api import sql as sql_files
from concordat.tables.sharing.files import FORMATS
from concordat.tables.views import outputs, shares, sources, sql, stored, use, versions

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

# The same for a program with a token and for the page's own script.
_RESUMABLE = "tables/<str:reference>/uploads/resumable"

api_urls = [
    path(_RESUMABLE, csrf_exempt(resumable.uploads)),
    path(f"{_RESUMABLE}/<int:number>", csrf_exempt(resumable.upload)),
]

inside_urls = [
    path("tables", stored.tables, name="tables"),
    path("tables/new", stored.new_table, name="new-table"),
    path("tables/<str:reference>", stored.table, name="table"),
    path("tables/<str:reference>/load", stored.load, name="load-table"),
    path(_RESUMABLE, resumable.uploads),
    path(f"{_RESUMABLE}/<int:number>", resumable.upload),
    path("tables/<str:reference>/uploads/<int:pk>", stored.waiting, name="waiting-file"),
    path("tables/<str:reference>/versions", versions.versions),
    path("tables/<str:reference>/versions/<int:number>", versions.version),
    path("tables/<str:reference>/versions/<int:number>/rows", versions.first_rows),
    path("tables/<str:reference>/versions/<int:number>/rejects", versions.rejects),
    path("tables/<str:reference>/sources/new", sources.new_source),
    path("sources", sources.sources, name="sources"),
    path("sources/<str:reference>", sources.source, name="source"),
    path("sources/<str:reference>/<str:verb>", sources.source_verb),
    path("tables/<str:reference>/<str:verb>", stored.table_verb),
    path("sql", sql.sql, name="sql"),
    path("sql/query.csv", sql_files.file, {"kind": "csv"}),
    path("sql/query.parquet", sql_files.file, {"kind": "parquet"}),
    path("sql/query.arrow", sql_files.file, {"kind": "arrow"}),
    path("sql/runs", sql.runs),
    path("saved-queries", sql.saved),
    path("saved-queries/new", sql.save),
    path("saved-queries/<int:number>/<str:verb>", sql.saved_verb),
    path("use", use.use, name="use"),
    path("shares", shares.shares, name="shares"),
    path("shares/<str:reference>", shares.share, name="share"),
    path("shares/<str:reference>/profile", shares.profile, name="profile"),
    *(
        path(f"shares/<str:reference>/data.{kind}", streams.data, {"kind": kind})
        for kind in FORMATS
    ),
    path("shares/<str:reference>/prepare", shares.prepare),
    path("shares/<str:reference>/reads", use.reads),
    path("shares/<str:reference>/flags/<int:number>/<str:verb>", use.settle),
    path("shares/<str:reference>/totals", outputs.totals, name="ask-totals"),
    path("shares/<str:reference>/<str:verb>", shares.share_verb),
    path("outputs", outputs.outputs, name="outputs"),
    path("outputs/<str:reference>", outputs.output, name="output"),
    path("outputs/<str:reference>/table.csv", outputs.as_csv),
    path("outputs/<str:reference>/review", outputs.review),
    path("outputs/<str:reference>/<str:verb>", outputs.output_verb),
]
