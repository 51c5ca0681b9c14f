"""What the API takes and answers of calculators, assessments, findings and the evidence gap map."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, create_model

from concordat.evaluations.models import Assessment, Finding
from concordat.evaluations.rules.evidence.effects import LEVEL, MEANS
from concordat.evaluations.rules.evidence.findings import KINDS, MEASURES
from concordat.evaluations.rules.evidence.gaps import Cell
from concordat.evaluations.rules.evidence.inputs import MOST_STUDIES, Bounds
from concordat.evaluations.rules.evidence.power import BOUNDS, Assumed
from concordat.evaluations.rules.evidence.scales import SCALES
from concordat.evaluations.schemas.evaluations import Reference
from concordat.kernel.doors.paging import ListQuery
from concordat.kernel.doors.schemas import In, Offers, Out, Owner, SubjectOut, inputs, outputs
from concordat.kernel.text import LINE_PATTERN

_OUTCOME = Annotated[str, Field(max_length=256, json_schema_extra={"pattern": LINE_PATTERN})]


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


# Six digits before the point and at most twelve behind; an error is never nought.
_STUDY = r"^-?[0-9]{1,6}(\.[0-9]{1,12})?,(0\.[0-9]{0,5}[1-9]|[1-9][0-9]{0,4}(\.[0-9]{1,12})?)$"


class PoolingQuery(_Query):
    """The studies, each as `estimate,error`, such as `study=0.21,0.08&study=0.1,0.05`."""

    study: Annotated[
        list[Annotated[str, Field(max_length=60, pattern=_STUDY)]],
        Field(min_length=2, max_length=MOST_STUDIES, description="Its estimate,standard error"),
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


_CELL = Field(ge=0, le=5 * 10**8)


class CountsQuery(_Query):
    """Two groups by how many had the event, and how many had it not."""

    events_treated: Annotated[int, _CELL]
    without_treated: Annotated[int, _CELL]
    events_control: Annotated[int, _CELL]
    without_control: Annotated[int, _CELL]
    level: Annotated[float, _within(LEVEL)] = 0.95


class CalculatedOut(Out):
    """One number of an answer."""

    code: str
    label: str
    value: float | None


class AnswerOut(Out):
    """What a calculator found, and how."""

    says: str
    figures: list[CalculatedOut]
    formula: str
    source: str


def _answer(code: str) -> Any:
    """The codes that any scale takes as the answer to a criterion, and what it is called there."""
    asked = [c for scale in SCALES.values() for c in scale.criteria if c.code == code]
    codes = dict.fromkeys(option.code for c in asked for option in c.options)
    about = " / ".join(dict.fromkeys(c.question for c in asked))
    return Literal[tuple(codes)] | None, Field(None, description=about)


AnswersIn: Any = create_model(
    "AnswersIn",
    __base__=In,
    __doc__="The code of an answer to each criterion of the scale, and to no other.",
    **{c.code: _answer(c.code) for scale in SCALES.values() for c in scale.criteria},
)
AssessmentDraft = inputs(
    "AssessmentDraft",
    Assessment,
    ["scale", "remarks"],
    evaluation=(Reference, ...),
    answers=(AnswersIn, ...),
)
AssessmentEdit = inputs(
    "AssessmentEdit", Assessment, ["remarks"], partial=True, answers=(AnswersIn | None, None)
)
FindingDraft = inputs(
    "FindingDraft",
    Finding,
    Finding.FIELDS,
    evaluation=(Reference, ...),
    outcome=(_OUTCOME, Field("", description="Unsaid, as the plan names it")),
)
FindingEdit = inputs("FindingEdit", Finding, Finding.FIELDS, partial=True)


class AssessmentQuery(ListQuery):
    """How a list of assessments is narrowed."""

    evaluation: Reference | None = None
    scale: Literal[tuple(SCALES)] | None = None  # type: ignore[valid-type]


class FindingQuery(ListQuery):
    """How a list of findings is narrowed."""

    evaluation: Reference | None = None
    outcome_group: Annotated[str, Field(max_length=256)] | None = None
    measure: Literal[tuple(MEASURES)] | None = None  # type: ignore[valid-type]
    kind: Literal[tuple(KINDS)] | None = None  # type: ignore[valid-type]


_assessment = outputs(
    "AssessmentFields",
    Assessment,
    ["scale", "scale_version", "score", "level", "highest", "made_on", "remarks"],
    base=SubjectOut,
)


class AssessmentOut(Offers, _assessment):  # type: ignore[misc, valid-type]
    """A rating: whose it is, on which scale, what was answered, and why it scores so."""

    evaluation: str
    owner: Owner
    assessor: str
    answers: dict[str, str]
    reasons: list[str]

    @staticmethod
    def resolve_evaluation(found: Assessment) -> str:
        """The reference of what is rated."""
        return found.evaluation.reference

    @staticmethod
    def resolve_assessor(found: Assessment) -> str:
        """The name of whose rating it is."""
        return found.assessor.name


_finding = outputs(
    "FindingFields", Finding, [n for n in Finding.FIELDS if n != "report"], base=SubjectOut
)


class MatchIn(In):
    """The id of the outcome of the plan; "" for none of them."""

    outcome_id: Annotated[str, Field(max_length=40, pattern=r"^[a-z0-9_-]*$")]


class FindingOut(Offers, _finding):  # type: ignore[misc, valid-type]
    """What an evaluation found of one outcome, and the published report that says so."""

    evaluation: str
    report: int | None

    @staticmethod
    def resolve_report(found: Finding) -> int | None:
        """The id of the report, once it is published."""
        return found.told_in.pk if found.told_in else None

    @staticmethod
    def resolve_evaluation(found: Finding) -> str:
        """The reference of the evaluation that found it."""
        return found.evaluation.reference


class PooledQuery(_Query):
    """Which findings to set side by side."""

    outcome_group: Annotated[str, Field(min_length=1, max_length=256)]
    measure: Literal["standardised", "absolute", "relative"] = "standardised"
    method: Literal["paule_mandel", "dersimonian_laird", "fixed"] = "paule_mandel"


class PooledOut(Out):
    """The ids of the findings that were pooled, one for each evaluation; of the further ones of these
    evaluations; of those left out for want of an interval; and the answer."""

    pooled: list[int]
    further: list[int]
    left_out: list[int]
    answer: AnswerOut | None


class MapQuery(_Query):
    """What the map shows."""

    scale: Literal[tuple(SCALES)] = "maryland"  # type: ignore[valid-type]


class CellOut(Out):
    """One kind of intervention on one kind of outcome."""

    intervention: str
    outcome: str
    total: int
    planned: int
    live: int
    complete: int
    rated: int
    strength: float

    @staticmethod
    def resolve_planned(cell: Cell) -> int:
        """How many are planned."""
        return cell.layers["planned"]

    @staticmethod
    def resolve_live(cell: Cell) -> int:
        """How many are under way."""
        return cell.layers["live"]

    @staticmethod
    def resolve_complete(cell: Cell) -> int:
        """How many are complete."""
        return cell.layers["complete"]


class MapOut(Out):
    """The evidence gap map: a pair that has no cell is a gap."""

    interventions: list[str]
    outcomes: list[str]
    cells: list[CellOut]
