"""The registry's addresses: the public door, and the door for people who have signed in."""

from __future__ import annotations

from django.urls import path

from concordat.evaluations.public import evaluations as public
from concordat.evaluations.public import spend as public_spend
from concordat.evaluations.views import evaluations, journey, reports, sections, spend

public_urls = [
    path("evaluations", public.evaluations, name="evaluations"),
    path("evaluations/coverage", public_spend.coverage),
    path("evaluations/coverage/<int:year>", public_spend.coverage_year),
    path("evaluations/coverage/<int:year>/<slug:slug>", public_spend.coverage_body),
    path("evaluations/projects", public_spend.projects),
    path("evaluations/projects/<str:number>", public_spend.project),
    path("evaluations/<str:reference>", public.evaluation, name="evaluation"),
    path("evaluations/<str:reference>/versions/<int:number>", public.version),
    path("evaluations/<str:reference>/versions/<int:number>.json", public.version_file),
]
inside_urls = [
    path("evaluations", evaluations.evaluations, name="inside-evaluations"),
    path("evaluations/new", evaluations.new_evaluation),
    path("evaluations/portfolio", spend.portfolio),
    path("evaluations/portfolio/<int:year>", spend.portfolio_year),
    path("evaluations/portfolio/<int:year>/total", spend.portfolio_total),
    path("evaluations/projects/<str:number>/join", spend.join_project),
    path("evaluations/projects/<str:number>/separate", spend.separate_project),
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
