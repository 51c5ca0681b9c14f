"""The registry's addresses: the public door, and the door for people who have signed in."""

from __future__ import annotations

from django.urls import path

from concordat.evaluations.public import evaluations as public
from concordat.evaluations.public import questions as public_questions
from concordat.evaluations.public import recommendations as public_recommendations
from concordat.evaluations.views import (
    evaluations,
    journey,
    questions,
    recommendations,
    sections,
)

public_urls = [
    path("evaluations", public.evaluations, name="evaluations"),
    path("evaluations/questions", public_questions.questions, name="questions"),
    path("evaluations/questions/<str:reference>", public_questions.question),
    path("evaluations/recommendations", public_recommendations.recommendations),
    path("evaluations/<str:reference>", public.evaluation, name="evaluation"),
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
    path("evaluations/<str:reference>/<str:verb>", evaluations.evaluation_verb),
]
