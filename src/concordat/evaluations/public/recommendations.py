"""What evaluations recommend, what was said to it and what changed, as anyone may read it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from concordat.evaluations import queries
from concordat.evaluations.rules.recommendations import STANDINGS
from concordat.kernel.access import PUBLIC, Actor
from concordat.kernel.doors.tables import Column, FilterForm, Table


class RecommendationFilter(FilterForm):
    """To whom, and how it stands."""

    lookups = {"body": "addressee__slug"}

    body = forms.ChoiceField(label="Recommended to", required=False)
    standing = forms.ChoiceField(
        label="How it stands", required=False, choices=[("", "Any"), *STANDINGS.items()]
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        bodies = queries.addressed_bodies(actor).values_list("slug", "name")
        self.fields["body"].choices = [("", "Every body"), *bodies]  # type: ignore[attr-defined]

    @property
    def standing_asked(self) -> str:
        """The standing that was asked for, "" for any."""
        return str(self.cleaned_data["standing"]) if self.is_valid() else ""


def recommendations(request: HttpRequest) -> HttpResponseBase:
    """Every public recommendation: those that nobody has responded to first."""
    columns = [
        Column(
            "text",
            "Recommendation",
            link=lambda r: r.evaluation.get_absolute_url() + r.anchor,
        ),
        Column("addressee.name", "To", sort="addressee__name"),
        Column("stands", "How it stands", value=lambda r: r.stands_in_words),
        Column("response_due", "Response due", sort="response_due"),
        Column("evaluation.title", "Evaluation", link=lambda r: r.evaluation.get_absolute_url()),
        Column("response_text", "Response"),
        Column("changed", "What changed"),
    ]
    filters = RecommendationFilter(request.GET, actor=PUBLIC)
    table = Table(
        columns,
        queries.standing_as(PUBLIC, filters.standing_asked, timezone.localdate()),
        name="recommendations",
        noun=("recommendation", "recommendations"),
        filters=filters,
    )
    lead = "What evaluations say should be done, what was said to that, and what changed."
    context = {"title": "Recommendations", "lead": lead}
    return table.respond(request, context=context)
