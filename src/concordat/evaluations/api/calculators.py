"""The calculators on the API: the pages' answers as JSON."""

from __future__ import annotations

from ninja import Query, Router

from concordat.evaluations.rules.evidence import calculators
from concordat.evaluations.rules.evidence.calculators import Answer
from concordat.evaluations.rules.evidence.pooling import Study
from concordat.evaluations.schemas.evidence import (
    AnswerOut,
    CountsQuery,
    MdesQuery,
    MeansQuery,
    PoolingQuery,
    PowerQuery,
)
from concordat.kernel.doors.actors import ActorRequest
from concordat.kernel.doors.resources import refuse_unknown

router = Router(tags=["calculators"])


@router.get(
    "/calculators/power",
    response=AnswerOut,
    auth=None,
    operation_id="calculate_power",
    summary="The power of a trial, or how many it takes",
)
def power(request: ActorRequest, query: Query[PowerQuery]) -> Answer:
    """Without `units`, how many must be assigned to find the effect with the power wanted."""
    refuse_unknown(request, PowerQuery)
    if query.units is None:
        return calculators.find_number(query.effect, query.size, query.assumed())
    return calculators.find_power(query.effect, query.units, query.size, query.assumed())


@router.get(
    "/calculators/mdes",
    response=AnswerOut,
    auth=None,
    operation_id="calculate_mdes",
    summary="The minimum detectable effect size of a trial",
)
def mdes(request: ActorRequest, query: Query[MdesQuery]) -> Answer:
    """The smallest effect, in standard deviations, that so many find with the power wanted."""
    refuse_unknown(request, MdesQuery)
    return calculators.find_mdes(query.units, query.size, query.assumed())


@router.get(
    "/calculators/pooling",
    response=AnswerOut,
    auth=None,
    operation_id="calculate_pooling",
    summary="One estimate out of several studies",
)
def pooling(request: ActorRequest, query: Query[PoolingQuery]) -> Answer:
    """Inverse variance; with random effects τ² and I² are never below 0."""
    refuse_unknown(request, PoolingQuery)
    pairs = [study.split(",") for study in query.study]
    studies = [Study(f"Study {n}", float(e), float(se)) for n, (e, se) in enumerate(pairs, 1)]
    return calculators.find_pooled(studies, query.method, query.level)


@router.get(
    "/calculators/effect-of-means",
    response=AnswerOut,
    auth=None,
    operation_id="calculate_effect_of_means",
    summary="Hedges' g of two groups",
)
def effect_of_means(request: ActorRequest, query: Query[MeansQuery]) -> Answer:
    """From means, standard deviations and sizes."""
    refuse_unknown(request, MeansQuery)
    return calculators.find_effect_of_means(**query.model_dump())


@router.get(
    "/calculators/effect-of-counts",
    response=AnswerOut,
    auth=None,
    operation_id="calculate_effect_of_counts",
    summary="Risk difference, odds ratio and Cox d of two groups",
)
def effect_of_counts(request: ActorRequest, query: Query[CountsQuery]) -> Answer:
    """From how many of each group had the event."""
    refuse_unknown(request, CountsQuery)
    return calculators.find_effect_of_cells(**query.model_dump())
