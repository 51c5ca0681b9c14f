"""The registry's addresses: the public door, and the door for people who have signed in."""

from __future__ import annotations

from django.urls import path

from concordat.evaluations.public import citing, feeds, oai, openfile, paper
from concordat.evaluations.public import evaluations as public
from concordat.evaluations.views import evaluations, journey, reports, sections
from concordat.kernel.pages.urls import Day  # noqa: F401 -- makes `<day:…>` known

public_urls = [
    path("oai", oai.oai_pmh),
    path("evaluations", public.evaluations, name="evaluations"),
    path("evaluations/feed.atom", feeds.atom),
    path("evaluations/open", openfile.open_files),
    path("evaluations/open/<day:date>.json", openfile.as_json),
    path("evaluations/open/<day:date>.csv", openfile.as_csv),
    path("evaluations/open/<day:date>.parquet", openfile.as_parquet),
    path("evaluations/open/<day:date>.manifest.json", openfile.manifest),
    path("evaluations/<str:reference>", public.evaluation, name="evaluation"),
    path("evaluations/<str:reference>/versions/<int:number>", public.version),
    path("evaluations/<str:reference>/versions/<int:number>.json", public.version_file),
    path("evaluations/<str:reference>/versions/<int:number>.pdf", paper.version_pdf),
    path("evaluations/<str:reference>/datacite.json", citing.datacite),
    path("evaluations/<str:reference>/citation.bib", citing.bibtex),
    path("evaluations/<str:reference>/citation.ris", citing.ris),
    path("evaluations/<str:reference>/versions/<int:number>/datacite.json", citing.datacite),
    path("evaluations/<str:reference>/versions/<int:number>/citation.bib", citing.bibtex),
    path("evaluations/<str:reference>/versions/<int:number>/citation.ris", citing.ris),
]
inside_urls = [
    path("evaluations", evaluations.evaluations, name="inside-evaluations"),
    path("evaluations/new", evaluations.new_evaluation),
    path("evaluations/<str:reference>", evaluations.evaluation, name="inside-evaluation"),
    path("evaluations/<str:reference>/register/<str:step>", journey.register),
    path("evaluations/<str:reference>/description", sections.description),
    path("evaluations/<str:reference>/dates", sections.dates),
    path("evaluations/<str:reference>/hiding", sections.hiding),
    path("evaluations/<str:reference>/plan/<str:name>", sections.section),
    path("evaluations/<str:reference>/plan/<str:name>/<str:item_id>", sections.item),
    path("evaluations/<str:reference>/plan/<str:name>/<str:item_id>/remove", sections.remove_item),
    path("evaluations/<str:reference>/reports/new", reports.new_report),
    path("evaluations/<str:reference>/reports/<int:pk>", reports.report),
    path("evaluations/<str:reference>/reports/<int:pk>/<str:verb>", reports.report_verb),
    path("evaluations/<str:reference>/<str:verb>", evaluations.evaluation_verb),
]
