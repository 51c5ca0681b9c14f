"""What the API takes and shows of evaluations: the plan's shape is made from the table of sections."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field, create_model

from concordat.evaluations import queries
from concordat.evaluations.models import Evaluation
from concordat.evaluations.rules.facts import Fact, Section
from concordat.evaluations.rules.happenings import STAGES
from concordat.evaluations.rules.plan import MOST_ITEMS
from concordat.evaluations.rules.sections import SECTIONS
from concordat.kernel.doors.paging import ListQuery
from concordat.kernel.doors.schemas import (
    Day,
    In,
    Out,
    Owner,
    RecordDetail,
    RecordOut,
    inputs,
    outputs,
)
from concordat.kernel.publication.reference import ALPHABET
from concordat.kernel.reference import codelist
from concordat.kernel.text import TEXT_PATTERN

Slug = Annotated[str, Field(max_length=255, pattern=r"^[-a-z0-9]+$")]
Reference = Annotated[
    str, Field(max_length=10, pattern=f"^EV-[{ALPHABET}]{{4}}-[{ALPHABET}]{{2}}$")
]
Moment = Annotated[
    str,
    Field(
        max_length=10,
        pattern=r"^(19|20)[0-9]{2}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$",
        description="A date to the day, the month or the year: 2026-04-27, 2026-04 or 2026",
    ),
]
Number = Annotated[str, Field(max_length=64, pattern=r"^[A-Za-z0-9][A-Za-z0-9_.\-]*$")]
Email = Annotated[str, Field(max_length=254, json_schema_extra={"format": "email"})]
_ID = Annotated[str, Field(max_length=40, pattern=r"^[a-z0-9_-]+$")]


def _one_of(fact: Fact) -> Any:
    return Literal[tuple(code for code, _ in fact.choices)]


def _kind(fact: Fact) -> Any:
    text: dict[str, Any] = {"json_schema_extra": {"pattern": TEXT_PATTERN}}
    match fact.kind:
        case "choice" | "yes":
            return _one_of(fact)
        case "choices":
            one: Any = _one_of(fact)
            return Annotated[list[one], Field(max_length=100)]
        case "whole":
            return Annotated[int, Field(ge=0, le=10**12)]
        case "amount":
            return Annotated[str, Field(max_length=24, pattern=r"^-?[0-9]{1,12}(\.[0-9]{1,6})?$")]
        case "moment":
            return Moment
        case "web":
            return Annotated[str, Field(max_length=2000, pattern=r"^https?://[^\s/?#]+[^\s]*$")]
        case _:
            return Annotated[str, Field(max_length=fact.most, **text)]


def _section(section: Section) -> Any:
    facts: dict[str, Any] = {
        fact.name: (_kind(fact) | None, Field(None, description=fact.label))
        for fact in section.facts
    }
    if section.many:
        facts["id"] = (_ID | None, Field(None, description="Names it across versions"))
    name = f"Plan{section.name.title().replace('_', '')}"
    made = create_model(name, __base__=In, __doc__=f"{section.title}.", **facts)
    return Annotated[list[made], Field(max_length=MOST_ITEMS)] if section.many else made  # type: ignore[valid-type]


_SECTIONS: dict[str, Any] = {section.name: (_section(section) | None, None) for section in SECTIONS}
PlanIn: Any = create_model(
    "PlanIn",
    __base__=In,
    __doc__="The whole plan: what is left out is taken away.",
    **_SECTIONS,
)


class HappeningIn(In):
    """A dated event."""

    event: Literal[tuple(codelist("evaluation_events"))]  # type: ignore[valid-type]
    on: Moment
    kind: Literal["intended", "actual"]


_MORE: dict[str, Any] = {
    "partners": (Annotated[list[Slug], Field(max_length=100)] | None, None),
    "projects": (
        Annotated[list[Number], Field(max_length=100, description="Numbers of the major projects")]
        | None,
        None,
    ),
    "dates": (Annotated[list[HappeningIn], Field(max_length=40)] | None, None),
    "plan": (PlanIn | None, None),
    "hidden": (
        Annotated[
            dict[Annotated[str, Field(max_length=80)], Annotated[str, Field(max_length=10)]],
            Field(max_length=100, description="Until when each part of the plan is hidden"),
        ]
        | None,
        None,
    ),
}
_APPROVER: Any = (Email | None, Field(None, description="The address of who signs it off"))
EvaluationDraft = inputs(
    "EvaluationDraft",
    Evaluation,
    Evaluation.FIELDS,
    owner=(Slug, ...),
    approver=_APPROVER,
    **_MORE,
)
EvaluationEdit = inputs(
    "EvaluationEdit", Evaluation, Evaluation.FIELDS, partial=True, approver=_APPROVER, **_MORE
)
EvaluationAmend = inputs(
    "EvaluationAmend",
    Evaluation,
    Evaluation.FIELDS,
    partial=True,
    slip=(bool, Field(False, description="It corrects a slip of the pen")),
    **_MORE,
)


class PublishIn(In):
    """When it opens to everyone; unsaid, at once."""

    opens_on: Day | None = None


class WithdrawIn(In):
    """What takes its place."""

    successor: Reference | None = None


class TransferIn(In):
    """Who leads it from now on."""

    owner: Slug


class InviteIn(In):
    """Who else edits it, by their addresses: these people and no others."""

    editors: Annotated[list[Email], Field(max_length=100)]


class ReplyIn(In):
    """What the body says of the comparison."""

    reply: Annotated[str, Field(max_length=4000, json_schema_extra={"pattern": TEXT_PATTERN})]


class PromiseOut(Out):
    """An outcome of a plan."""

    id: str
    name: str
    rank: str
    time_frame: str


class ToldOut(Out):
    """An outcome that was reported; `key` is the id of the finding."""

    key: str
    name: str
    rank: str


class ComparedOut(Out):
    """One line of the comparison."""

    verdict: str
    promise: PromiseOut | None
    told: ToldOut | None
    likeness: float
    notes: list[str]


class ComparisonOut(Out):
    """The table against each of the two versions that count."""

    before_data: list[ComparedOut]
    before_results: list[ComparedOut]
    data_version: int | None
    results_version: int | None


class HappeningOut(Out):
    """A dated event."""

    event: str
    on: str
    kind: str


class EvaluationQuery(ListQuery):
    """How a list of evaluations is narrowed."""

    owner: Slug | None = None
    status: Annotated[str, Field(max_length=32)] | None = None
    stage: Literal[tuple(STAGES)] | None = None  # type: ignore[valid-type]


EvaluationRow = outputs(
    "EvaluationRow", Evaluation, ["title", "types", "topics", "stage"], base=RecordOut
)
_fields = outputs("EvaluationFields", Evaluation, Evaluation.FIELDS, base=RecordDetail)


class EvaluationOut(_fields):  # type: ignore[misc, valid-type]
    """An evaluation. Its plan is whole for whoever may change it, without what is hidden for others,
    and empty once it is withdrawn: its versions stay."""

    partners: list[Owner]
    projects: list[str]
    stage: str
    dates: list[HappeningOut]
    plan: dict[str, Any]
    hidden: dict[str, str]
    editors: list[str]
    approver: str | None
    submitted_at: datetime | None
    signed_off_at: datetime | None
    published_at: datetime | None
    opens_at: datetime | None
    withdrawn_at: datetime | None
    withdrawn_why: str
    successor: str | None
    digest: str
    doi: str

    @staticmethod
    def resolve_projects(found: Evaluation) -> list[str]:
        """The numbers of the major projects that it evaluates."""
        return [project.number for project in found.projects.all()]

    @staticmethod
    def resolve_plan(found: Evaluation, context: Any) -> dict[str, Any]:
        """As much of it as the asker may read."""
        if _inside(found, context):
            return found.plan
        return {} if found.status == "withdrawn" else found.shown_plan()

    @staticmethod
    def resolve_editors(found: Evaluation, context: Any) -> list[str]:
        """The addresses of those invited, for the lead body."""
        inside = _inside(found, context)
        return sorted(person.email for person in found.editors.all()) if inside else []

    @staticmethod
    def resolve_approver(found: Evaluation, context: Any) -> str | None:
        """The name of who signs it off, for the lead body."""
        return str(found.approver) if found.approver and _inside(found, context) else None

    @staticmethod
    def resolve_successor(found: Evaluation) -> str | None:
        """The reference of what took its place, where that is public."""
        after = found.successor
        return after.reference if after is not None and after.is_public else None


def _inside(found: Evaluation, context: Any) -> bool:
    return queries.is_inside(context["request"].actor, found)


class PlanOut(Out):
    """A version of a plan, as its public file holds it."""

    number: int
    kind: str
    reason: str
    created_at: datetime
    after_data: bool
    previous: str
    digest: str
    doi: str
    body: dict[str, Any]


class PlansPage(Out):
    """The versions of a plan, first to last."""

    items: list[PlanOut]
