"""What the calculators take and answer on the API."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from concordat.evaluations.rules.evidence.effects import COUNTS, LEVEL, MEANS
from concordat.evaluations.rules.evidence.inputs import MOST_STUDIES, Bounds
from concordat.evaluations.rules.evidence.pooling import ERROR, ESTIMATE
from concordat.evaluations.rules.evidence.power import BOUNDS, Assumed
from concordat.kernel.doors.schemas import Out


def _within(bounds: Bounds) -> Any:
    """The limits of a query parameter, and what it is."""
    about = f"{bounds.label[:1].upper()}{bounds.label[1:]}"
    told: dict[str, Any] = {"allow_inf_nan": False, "description": about}
    if bounds.whole:
        told.pop("allow_inf_nan")
    if bounds.ends:
        return Field(ge=bounds.low, le=bounds.high, **told)
    return Field(gt=bounds.low, lt=bounds.high, **told)


class _Query(BaseModel):
    model_config = ConfigDict(extra="forbid")


class TrialQuery(_Query):
    """What every calculator of trials takes."""

    size: Annotated[float, _within(BOUNDS["size"])] = 1
    icc: Annotated[float, _within(BOUNDS["icc"])] = 0
    share: Annotated[float, _within(BOUNDS["share"])] = 0.5
    r2: Annotated[float, _within(BOUNDS["r2"])] = 0
    r2_clusters: Annotated[float, _within(BOUNDS["r2_clusters"])] = 0
    alpha: Annotated[float, _within(BOUNDS["alpha"])] = 0.05
    power: Annotated[float, _within(BOUNDS["power"])] = 0.8
    sides: Literal["1", "2"] = "2"

    def assumed(self) -> Assumed:
        """What is assumed. Raises Invalid."""
        given = self.model_dump(include=set(Assumed.__dataclass_fields__))
        return Assumed(**{**given, "sides": int(self.sides)})


class MdesQuery(TrialQuery):
    """How many there are."""

    units: Annotated[float, _within(BOUNDS["units"])]


class PowerQuery(TrialQuery):
    """What effect is looked for, and how many there are where that is not what is asked."""

    effect: Annotated[float, _within(BOUNDS["effect"])]
    units: Annotated[float, _within(BOUNDS["units"])] | None = None


class PoolingQuery(_Query):
    """The studies: `estimate` and `error` once for each, in the same order."""

    estimate: Annotated[
        list[Annotated[float, _within(ESTIMATE)]], Field(min_length=2, max_length=MOST_STUDIES)
    ]
    error: Annotated[
        list[Annotated[float, _within(ERROR)]], Field(min_length=2, max_length=MOST_STUDIES)
    ]
    method: Literal["paule_mandel", "dersimonian_laird", "fixed"] = "paule_mandel"
    level: Annotated[float, _within(LEVEL)] = 0.95


class MeansQuery(_Query):
    """Two groups by their means."""

    mean_treated: Annotated[float, _within(MEANS["mean_treated"])]
    sd_treated: Annotated[float, _within(MEANS["sd_treated"])]
    n_treated: Annotated[int, _within(MEANS["n_treated"])]
    mean_control: Annotated[float, _within(MEANS["mean_control"])]
    sd_control: Annotated[float, _within(MEANS["sd_control"])]
    n_control: Annotated[int, _within(MEANS["n_control"])]
    level: Annotated[float, _within(LEVEL)] = 0.95


class CountsQuery(_Query):
    """Two groups by how many had the event."""

    events_treated: Annotated[int, _within(COUNTS["events_treated"])]
    n_treated: Annotated[int, _within(COUNTS["n_treated"])]
    events_control: Annotated[int, _within(COUNTS["events_control"])]
    n_control: Annotated[int, _within(COUNTS["n_control"])]
    level: Annotated[float, _within(LEVEL)] = 0.95


class FigureOut(Out):
    """One number of an answer."""

    code: str
    label: str
    value: float | None


class AnswerOut(Out):
    """What a calculator found, and how."""

    says: str
    figures: list[FigureOut]
    formula: str
    source: str
