"""The registry's addresses: the public door, and the door for people who have signed in."""

from __future__ import annotations

from django.urls import path

from concordat.evaluations.public import calculators, oai
from concordat.evaluations.public import evaluations as public
from concordat.evaluations.public import evidence as public_evidence
from concordat.evaluations.public import promises as public_promises
from concordat.evaluations.public import questions as public_questions
from concordat.evaluations.public import recommendations as public_recommendations
from concordat.evaluations.public import spend as public_spend
from concordat.evaluations.views import (
    evaluations,
    evidence,
    intakes,
    journey,
    promises,
    questions,
    recommendations,
    reports,
    sections,
    spend,
)

public_urls = [
    path("oai", oai.oai_pmh),
    path("evaluations", public.evaluations, name="evaluations"),
    path("evaluations/questions", public_questions.questions, name="questions"),
    path("evaluations/questions/<str:reference>", public_questions.question),
    path("evaluations/recommendations", public_recommendations.recommendations),
    path("evaluations/calculators", calculators.calculator_list),
    path("evaluations/calculators/<str:name>", calculators.calculator),
    path("evaluations/findings", public_evidence.findings),
    path("evaluations/pooled-findings", public_evidence.pooled_findings),
    path("evaluations/evidence-map", public_evidence.evidence_map),
    path("evaluations/evidence-map/entries", public_evidence.map_entries),
    path("evaluations/coverage", public_spend.coverage),
    path("evaluations/coverage/<int:year>", public_spend.coverage_year),
    path("evaluations/coverage/<int:year>/<slug:slug>", public_spend.coverage_body),
    path("evaluations/projects", public_spend.projects),
    path("evaluations/projects/<str:number>", public_spend.project),
    path("evaluations/<str:reference>", public.evaluation, name="evaluation"),
    path("evaluations/<str:reference>/promises", public_promises.promises),
    path("evaluations/<str:reference>/versions/<int:number>", public.version),
    path("evaluations/<str:reference>/versions/<int:number>.json", public.version_file),
]
inside_urls = [
    path("evaluations", evaluations.evaluations, name="inside-evaluations"),
    path("evaluations/new", evaluations.new_evaluation),
    path("evaluations/questions", questions.questions, name="inside-questions"),
    path("evaluations/questions/new", questions.new_question),
    path("evaluations/questions/load", questions.load),
    path("evaluations/questions/<str:reference>", questions.question),
    path("evaluations/questions/<str:reference>/link", questions.link_evaluation),
    path("evaluations/questions/<str:reference>/<str:verb>", questions.question_verb),
    path("evaluations/question-links/<int:pk>/<str:verb>", questions.link_verb),
    path("evaluations/recommendations", recommendations.recommendations),
    path("evaluations/recommendations/<int:pk>/<str:verb>", recommendations.recommendation_verb),
    path("evaluations/import", intakes.send),
    path("evaluations/import/<int:pk>", intakes.check),
    path("evaluations/import-answers", intakes.answers),
    path("evaluations/imports", intakes.imports),
    path("evaluations/imports/<int:pk>", intakes.report),
    path("evaluations/template.csv", intakes.template),
    path("evaluations/workbook.csv", intakes.workbook),
    path("evaluations/portfolio", spend.portfolio),
    path("evaluations/portfolio/<int:year>", spend.portfolio_year),
    path("evaluations/portfolio/<int:year>/total", spend.portfolio_total),
    path("evaluations/projects/<str:number>/join", spend.join_project),
    path("evaluations/projects/<str:number>/separate", spend.separate_project),
    path("evaluations/<str:reference>", evaluations.evaluation, name="inside-evaluation"),
    path("evaluations/<str:reference>/questions/new", questions.link_question),
    path("evaluations/<str:reference>/recommendations/new", recommendations.new_recommendation),
    path("evaluations/<str:reference>/register/<str:step>", journey.register),
    path("evaluations/<str:reference>/description", sections.description),
    path("evaluations/<str:reference>/dates", sections.dates),
    path("evaluations/<str:reference>/hiding", sections.hiding),
    path("evaluations/<str:reference>/plan/<str:name>", sections.section),
    path("evaluations/<str:reference>/plan/<str:name>/<str:item_id>", sections.item),
    path("evaluations/<str:reference>/plan/<str:name>/<str:item_id>/remove", sections.remove_item),
    path("evaluations/<str:reference>/findings/new", evidence.new_finding),
    path("evaluations/<str:reference>/findings/<int:pk>", evidence.finding),
    path("evaluations/<str:reference>/findings/<int:pk>/remove", evidence.remove_finding),
    path("evaluations/<str:reference>/assessments/new", evidence.choose_scale),
    path("evaluations/<str:reference>/assessments/new/<str:scale>", evidence.new_assessment),
    path("evaluations/<str:reference>/assessments/<int:pk>", evidence.assessment),
    path("evaluations/<str:reference>/assessments/<int:pk>/<str:verb>", evidence.assessment_verb),
    path("evaluations/<str:reference>/source", intakes.source),
    path("evaluations/<str:reference>/promises", promises.promises),
    path("evaluations/<str:reference>/promises/<int:pk>", promises.match),
    path("evaluations/<str:reference>/reply", promises.reply),
    path("evaluations/<str:reference>/reports/new", reports.new_report),
    path("evaluations/<str:reference>/reports/<int:pk>", reports.report),
    path("evaluations/<str:reference>/reports/<int:pk>/<str:verb>", reports.report_verb),
    path("evaluations/<str:reference>/<str:verb>", evaluations.evaluation_verb),
]
