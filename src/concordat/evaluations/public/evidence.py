"""The evidence as anyone may read it: findings, several pooled, and the map of its gaps."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from concordat.evaluations import queries
from concordat.evaluations.queries.evidence import Group, Together
from concordat.evaluations.rules.evidence.calculators import pooled_answer
from concordat.evaluations.rules.evidence.findings import KINDS, MEASURES, POOLABLE
from concordat.evaluations.rules.evidence.gaps import LAYERS, Cell, GapMap
from concordat.evaluations.rules.evidence.pooling import METHODS
from concordat.evaluations.rules.evidence.scales import SCALES
from concordat.evaluations.rules.happenings import STAGES
from concordat.kernel.access import PUBLIC
from concordat.kernel.doors.charts import Interval, dots, forest_plot
from concordat.kernel.doors.forms import Form
from concordat.kernel.doors.tables import Column, FilterForm, Table

MOST_ROWS, MOST_COLUMNS = 40, 12  # of the map: what is rarer stands in the table beneath


class FindingFilter(FilterForm):
    """How the list of findings is narrowed."""

    measure = forms.ChoiceField(
        label="Measure", required=False, choices=[("", "All"), *MEASURES.items()]
    )
    kind = forms.ChoiceField(
        label="Rank in the plan", required=False, choices=[("", "All"), *KINDS.items()]
    )
    outcome = forms.CharField(label="Kind of outcome", required=False, max_length=256)
    lookups = {"measure": "measure", "kind": "kind", "outcome": "outcome_group__iexact"}


def findings(request: HttpRequest) -> HttpResponseBase:
    """Every public finding, as numbers."""
    columns = [
        Column("evaluation.title", "Evaluation", link=lambda f: f.evaluation.get_absolute_url()),
        Column("outcome", "Outcome", sort="outcome"),
        Column("outcome_group", "Kind of outcome", sort="outcome_group"),
        Column("kind", "Rank in the plan", show=lambda f: f.get_kind_display(), sort="kind"),
        Column("measure", "Measure", show=lambda f: f.get_measure_display(), sort="measure"),
        Column("estimate", "Estimate", numeric=True, sort="estimate"),
        Column("interval_low", "Lower end", numeric=True),
        Column("interval_high", "Upper end", numeric=True),
        Column("interval_level", "Level, per cent", numeric=True),
        Column("n", "Number analysed", numeric=True, sort="n"),
        Column("p_value", "p value", numeric=True),
        Column("interpretation", "Interpretation", show=lambda f: f.get_interpretation_display()),
        Column("evaluation.reference", "Reference"),
    ]
    table = Table(
        columns,
        queries.findings(PUBLIC),
        name="findings",
        noun=("finding", "findings"),
        filters=FindingFilter(request.GET or None),
    )
    pooled = {"label": "Set findings side by side", "href": "/evaluations/pooled-findings"}
    lead = (
        "What evaluations found of each outcome, with null and negative results beside the others."
    )
    context = {"title": "Findings", "lead": lead, "actions": [pooled]}
    return table.respond(request, context=context)


class PooledForm(Form):
    """Which findings to set side by side."""

    outcome = forms.ChoiceField(label="Kind of outcome")
    measure = forms.ChoiceField(
        label="Measure",
        required=False,
        choices=[("", "The most common"), *((code, MEASURES[code]) for code in POOLABLE)],
    )
    method = forms.ChoiceField(
        label="How to pool them",
        required=False,
        choices=list(METHODS.items()),
        widget=forms.RadioSelect,
        initial="paule_mandel",
    )

    def __init__(self, data: Any, *, groups: list[Group]) -> None:
        super().__init__({"method": "paule_mandel"} | data.dict() if data else None)
        choices = [("", ""), *((g.word, f"{g.label} ({g.times})") for g in groups)]
        self.fields["outcome"].choices = choices  # type: ignore[attr-defined]


def pooled_findings(request: HttpRequest) -> HttpResponse:
    """The findings of one kind of outcome as a forest plot, with what they say together."""
    groups = queries.outcome_groups(PUBLIC)
    form = PooledForm(request.GET or None, groups=groups)
    found: Together | None = None
    if form.is_valid():
        given = form.cleaned_data
        measures = queries.measures_of(PUBLIC, given["outcome"])
        measure = given["measure"] or (measures[0] if measures else POOLABLE[0])
        method = given["method"] or "paule_mandel"
        found = queries.together(PUBLIC, given["outcome"], measure, method)
    context = {
        "title": "Findings side by side",
        "form": form,
        "groups": groups,
        "found": found,
        "group": next((g.label for g in groups if found and g.word == found.group), ""),
        "chart": _forest(found) if found and found.shown else "",
        "answer": pooled_answer(found.pooled) if found and found.pooled else None,
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "evaluations/pooled_findings.html", context, status=status)


def _forest(found: Together) -> Any:
    """The forest plot of the findings; of ratios on a scale of logarithms, about 1."""
    weights = found.pooled.weights if found.pooled else (1.0,) * len(found.shown)
    rows = [
        Interval(
            f"{row.evaluation.title}: {row.outcome}",
            row.estimate or 0.0,
            row.interval_low or 0.0,
            row.interval_high or 0.0,
            weight,
        )
        for (row, _), weight in zip(found.shown, weights, strict=True)
    ]
    pooled, whole = found.pooled, None
    if pooled is not None:
        whole = Interval("Together", pooled.estimate, pooled.low, pooled.high)
    ratio = found.measure == "relative"
    return forest_plot(MEASURES[found.measure], rows, whole=whole, ratio=ratio)


class MapForm(Form):
    """What the map shows."""

    scale = forms.ChoiceField(
        label="Strength of evidence by",
        required=False,
        choices=[(scale.code, scale.name) for scale in SCALES.values()],
        initial="maryland",
    )
    layer = forms.MultipleChoiceField(
        label="Layers",
        required=False,
        choices=list(LAYERS.items()),
        widget=forms.CheckboxSelectMultiple,
        initial=list(LAYERS),
    )

    def asked(self) -> tuple[str, list[str]]:
        """(the scale, the layers): what is not said, or said wrongly, is the first scale and all."""
        given = self.cleaned_data if self.is_valid() else {}
        return given.get("scale") or "maryland", given.get("layer") or list(LAYERS)


def evidence_map(request: HttpRequest) -> HttpResponseBase:
    """Interventions by outcomes: what is planned, under way and known, and where nothing is."""
    given = {"scale": request.GET.get("scale", "maryland")}
    given["layer"] = request.GET.getlist("layer") or list(LAYERS)  # type: ignore[assignment]
    form = MapForm(given)
    scale, layers = form.asked()
    found = queries.gap_map(PUBLIC, scale, layers)
    kept = [("scale", scale), *(("layer", layer) for layer in layers)]

    def link(cell: Cell) -> str:
        pair = [("intervention", cell.intervention), ("outcome", cell.outcome)]
        return f"/evaluations/evidence-map/entries?{urlencode(pair + kept)}"

    columns = [
        Column("intervention", "Intervention", sort="intervention"),
        Column("outcome", "Outcome", sort="outcome"),
        Column("total", "Evaluations", link=link, numeric=True, sort="total"),
        *(Column(f"layers.{layer}", label, numeric=True) for layer, label in LAYERS.items()),
        Column("rated", "Rated", numeric=True),
        Column("strength", "Strength", value=_strength, numeric=True),
    ]
    cells = sorted(found.cells.values(), key=lambda c: (-c.total, c.intervention, c.outcome))
    noun = ("pair", "pairs of intervention and outcome")
    table = Table(columns, cells, name="evidence-map", noun=noun, extra=("scale", "layer"))
    context = {
        "title": "Evidence gap map",
        "form": form,
        "map": found,
        "rows": _drawn(found, link),
        "outcomes": found.outcomes[:MOST_COLUMNS],
        "cut": len(found.interventions) > MOST_ROWS or len(found.outcomes) > MOST_COLUMNS,
        "scale": SCALES[scale],
        "layers": {layer: (label, dots({layer: 1}, 1)) for layer, label in LAYERS.items()},
    }
    return table.respond(request, "evaluations/evidence_map.html", context)


def _strength(cell: Cell) -> float | None:
    """What those rated add up to; nothing where nobody has rated any."""
    return round(cell.strength, 2) if cell.rated else None


def _drawn(found: GapMap, link: Any) -> list[tuple[str, list[dict[str, Any] | None]]]:
    """Each row of the map: its intervention, and a cell or a gap for each outcome."""
    most = max((cell.total for cell in found.cells.values()), default=1)

    def drawn(cell: Cell | None) -> dict[str, Any] | None:
        if cell is None:
            return None
        return {"cell": cell, "href": link(cell), "mark": dots(cell.layers, most)}

    outcomes = found.outcomes[:MOST_COLUMNS]
    return [
        (name, [drawn(found.cell(name, outcome)) for outcome in outcomes])
        for name in found.interventions[:MOST_ROWS]
    ]


def map_entries(request: HttpRequest) -> HttpResponseBase:
    """The evaluations of one cell of the map."""
    asked = {name: request.GET.get(name, "")[:1024] for name in ("intervention", "outcome")}
    form = MapForm(request.GET)
    scale, layers = form.asked()
    cell = queries.gap_map(PUBLIC, scale, layers).cell(asked["intervention"], asked["outcome"])
    columns = [
        Column("title", "Title", link=lambda e: e.get_absolute_url(), sort="title"),
        Column("owner.name", "Lead body", sort="owner__name"),
        Column("stage", "Stage", value=lambda e: STAGES[e.stage], sort="stage"),
        Column("reference", "Reference", sort="reference"),
    ]
    table = Table(
        columns,
        queries.entries_of(PUBLIC, cell),
        name="evaluations",
        noun=("evaluation", "evaluations"),
        extra=("intervention", "outcome", "scale", "layer"),
    )
    title = f"{asked['intervention']}: {asked['outcome']}" if cell else "Nothing in this cell"
    context = {"title": title, "back": "/evaluations/evidence-map"}
    return table.respond(request, context=context)
