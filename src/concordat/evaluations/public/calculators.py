"""The calculators: questions in the address, answers with their formula, source and every number.

Nothing is kept and nothing is written, so each is a GET form, and its answer has an address.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from concordat.evaluations.rules.evidence import calculators, effects, pooling
from concordat.evaluations.rules.evidence.calculators import Answer
from concordat.evaluations.rules.evidence.inputs import Bounds
from concordat.evaluations.rules.evidence.power import BOUNDS, Assumed
from concordat.kernel.doors.forms import Form, add_errors
from concordat.kernel.refusals import Invalid, NotVisible

_ASSUMED = Assumed()


def _number(bounds: Bounds, label: str, hint: str = "", default: float | None = None) -> Any:
    """A question for a number; with a default it may be left empty."""
    kind = forms.IntegerField if bounds.whole else forms.FloatField
    enter = f"Enter {'a whole number' if bounds.whole else 'a number'} for {bounds.label}"
    return kind(
        label=label,
        help_text=hint,
        required=default is None,
        initial=default,
        error_messages={"required": enter, "invalid": enter},
    )


class _Asked(Form):
    """Questions of which those left empty have the value that they began with, and show it."""

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        begun = {n: f.initial for n, f in self.base_fields.items() if f.initial is not None}
        super().__init__(begun | data.dict() if data else None, initial=begun, **kwargs)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        return {
            name: self.fields[name].initial if value in (None, "") else value
            for name, value in cleaned.items()
        }


class _Trial(_Asked):
    """What every calculator of trials asks."""

    size = _number(
        BOUNDS["size"], "People in each cluster", "1 where people are assigned one by one", 1
    )
    icc = _number(
        BOUNDS["icc"],
        "Intra-cluster correlation (ρ)",
        "How alike people in one cluster are, from 0 to 1. Without clusters it does not matter",
        _ASSUMED.icc,
    )
    share = _number(
        BOUNDS["share"], "Share treated (P)", "0.5 for arms of one size", _ASSUMED.share
    )
    r2 = _number(
        BOUNDS["r2"],
        "Variance that covariates explain among people (R²₁)",
        "0 without covariates",
        _ASSUMED.r2,
    )
    r2_clusters = _number(
        BOUNDS["r2_clusters"],
        "Variance that covariates explain among clusters (R²₂)",
        "0 without covariates",
        _ASSUMED.r2_clusters,
    )
    alpha = _number(BOUNDS["alpha"], "Significance level (α)", default=_ASSUMED.alpha)
    power = _number(BOUNDS["power"], "Power wanted", default=_ASSUMED.power)
    sides = forms.TypedChoiceField(
        label="Sides of the test",
        choices=[("2", "Two: the effect may go either way"), ("1", "One")],
        coerce=int,
        widget=forms.RadioSelect,
        initial=_ASSUMED.sides,
        required=False,
    )

    def assumed(self) -> Assumed:
        """What was assumed. Raises Invalid."""
        names = ("icc", "share", "r2", "r2_clusters", "alpha", "power", "sides")
        return Assumed(**{name: self.cleaned_data[name] for name in names})


class MdesForm(_Trial):
    """How many there are."""

    units = _number(
        BOUNDS["units"],
        "Number assigned altogether",
        "People, or clusters where these are assigned",
    )
    field_order = ("units", "size")


class PowerForm(_Trial):
    """What effect is looked for, and perhaps how many there are."""

    effect = _number(BOUNDS["effect"], "Effect, in standard deviations", "For example, 0.2")
    units = forms.FloatField(
        label="Number assigned altogether",
        help_text="People, or clusters where these are assigned. Leave it empty to find how many "
        "are needed",
        required=False,
        error_messages={"invalid": "Enter a number for the number assigned"},
    )
    field_order = ("effect", "units", "size")


class PoolingForm(_Asked):
    """The studies."""

    studies = forms.CharField(
        label="Studies",
        help_text="One a line: name; estimate; standard error. For example, Leeds; 0.21; 0.08",
        widget=forms.Textarea,
        max_length=20_001,
        error_messages={"required": "Enter from 2 to 200 studies, each on its own line"},
    )
    method = forms.ChoiceField(
        label="How to pool them",
        choices=list(pooling.METHODS.items()),
        widget=forms.RadioSelect,
        initial="paule_mandel",
        required=False,
    )
    level = _number(effects.LEVEL, "Confidence level", "0.95 for 95%", 0.95)


class MeansForm(_Asked):
    """Two groups by their means."""

    mean_treated = _number(effects.MEANS["mean_treated"], "Mean of the treated group")
    sd_treated = _number(effects.MEANS["sd_treated"], "Its standard deviation")
    n_treated = _number(effects.MEANS["n_treated"], "People in it")
    mean_control = _number(effects.MEANS["mean_control"], "Mean of the control group")
    sd_control = _number(effects.MEANS["sd_control"], "Standard deviation of the control group")
    n_control = _number(effects.MEANS["n_control"], "People in the control group")
    level = _number(effects.LEVEL, "Confidence level", "0.95 for 95%", 0.95)


class CountsForm(_Asked):
    """Two groups by how many had the event."""

    events_treated = _number(effects.COUNTS["events_treated"], "Events in the treated group")
    n_treated = _number(effects.COUNTS["n_treated"], "People in the treated group")
    events_control = _number(effects.COUNTS["events_control"], "Events in the control group")
    n_control = _number(effects.COUNTS["n_control"], "People in the control group")
    level = _number(effects.LEVEL, "Confidence level", "0.95 for 95%", 0.95)


def _mdes(form: Any) -> Answer:
    given = form.cleaned_data
    return calculators.find_mdes(given["units"], given["size"], form.assumed())


def _power(form: Any) -> Answer:
    given = form.cleaned_data
    if given["units"] is None:
        return calculators.find_number(given["effect"], given["size"], form.assumed())
    return calculators.find_power(given["effect"], given["units"], given["size"], form.assumed())


def _pooled(form: Any) -> Answer:
    given = form.cleaned_data
    studies = pooling.read_studies(given["studies"])
    return calculators.find_pooled(studies, given["method"], given["level"])


@dataclass(frozen=True)
class Calculator:
    """One calculator: its title, what it is for, what it asks, and who answers."""

    title: str
    lead: str
    form: type[Form]
    find: Callable[[Any], Answer]


CALCULATORS = {
    "power": Calculator(
        "Power and sample size",
        "How likely a trial is to find an effect, or how many it takes to find one.",
        PowerForm,
        _power,
    ),
    "mdes": Calculator(
        "Minimum detectable effect size",
        "The smallest effect that a trial of individuals or of clusters can find.",
        MdesForm,
        _mdes,
    ),
    "pooling": Calculator(
        "Pooling",
        "One estimate out of several studies, with how much they differ and what to expect of the "
        "next one.",
        PoolingForm,
        _pooled,
    ),
    "effect-of-means": Calculator(
        "Effect size from means",
        "Hedges’ g with its interval, from the means and standard deviations of two groups.",
        MeansForm,
        lambda form: calculators.find_effect_of_means(**form.cleaned_data),
    ),
    "effect-of-counts": Calculator(
        "Effect size from counts",
        "Risk difference, odds ratio and Cox d with their intervals, from the events in two groups.",
        CountsForm,
        lambda form: calculators.find_effect_of_counts(**form.cleaned_data),
    ),
}


def calculator_list(request: HttpRequest) -> HttpResponse:
    """Every calculator, and what it is for."""
    context = {"title": "Calculators for evaluations", "calculators": CALCULATORS}
    return render(request, "evaluations/calculators.html", context)


def calculator(request: HttpRequest, name: str) -> HttpResponse:
    """One calculator: its questions, and the answer once they are answered."""
    if name not in CALCULATORS:
        raise NotVisible
    kind = CALCULATORS[name]
    form = kind.form(request.GET or None)
    answer = None
    if form.is_valid():
        try:
            answer = kind.find(form)
        except Invalid as refusal:
            add_errors(form, refusal)
    context = {
        "title": kind.title,
        "lead": kind.lead,
        "form": form,
        "answer": answer,
        "api": f"/api/v1/calculators/{name}",
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "evaluations/calculator.html", context, status=status)
