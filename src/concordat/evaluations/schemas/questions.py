"""What the API takes and shows of questions, links and recommendations."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from concordat.evaluations.models import Question, QuestionLink, Recommendation
from concordat.evaluations.models.question import RELATIONS
from concordat.evaluations.rules.recommendations import RESPONSES, STANDINGS
from concordat.evaluations.schemas.evaluations import Reference, Slug
from concordat.kernel.doors.paging import ListQuery
from concordat.kernel.doors.schemas import (
    Day,
    In,
    Offers,
    Out,
    Owner,
    RecordDetail,
    RecordOut,
    SubjectOut,
    inputs,
    outputs,
)
from concordat.kernel.lifecycle import Lifecycle
from concordat.kernel.publication.reference import ALPHABET
from concordat.kernel.text import LINE_PATTERN, TEXT_PATTERN

QuestionReference = Annotated[
    str, Field(max_length=10, pattern=f"^QU-[{ALPHABET}]{{4}}-[{ALPHABET}]{{2}}$")
]
_LINE: Any = {"pattern": LINE_PATTERN}


def _statuses(lifecycle: Lifecycle) -> Any:
    return Literal[tuple(lifecycle.states)]


QuestionDraft = inputs("QuestionDraft", Question, Question.FIELDS, owner=(Slug, ...))
QuestionEdit = inputs("QuestionEdit", Question, Question.FIELDS, partial=True)


class QuestionQuery(ListQuery):
    """How a list of questions is narrowed."""

    owner: Slug | None = None
    status: _statuses(Question.LIFECYCLE) | None = None  # type: ignore[valid-type]
    tag: Annotated[str, Field(max_length=120)] | None = None


QuestionRow = outputs("QuestionRow", Question, ["text", "tags", "agenda"], base=RecordOut)
_question: Any = outputs("QuestionFields", Question, Question.PUBLIC_FIELDS, base=RecordDetail)


class QuestionOut(_question):
    """A question, with how many evaluations are said to answer it or bear on it."""

    evaluations: int

    @staticmethod
    def resolve_evaluations(found: Question) -> int:
        """As many as the asker may see; a question that was just made has none."""
        return getattr(found, "evaluations", 0)


class QuestionsLoad(In):
    """A file of questions, as the text of a CSV."""

    source: Slug
    agenda: Annotated[str, Field(max_length=255, json_schema_extra=_LINE)] = ""
    agenda_url: Annotated[str, Field(max_length=2000)] = ""
    csv: Annotated[str, Field(max_length=4_000_000)]


class LoadMessage(Out):
    """What is wrong in one place of a file, and the mend."""

    place: str
    says: str
    mend: str
    refused: bool


class QuestionsLoaded(Out):
    """What became of the rows of a file."""

    made: int
    changed: int
    unchanged: int
    refused: int
    messages: list[LoadMessage]


class LinkPropose(In):
    """That an evaluation answers a question or bears on it, in the name of `owner`."""

    owner: Slug
    question: QuestionReference
    evaluation: Reference
    relation: Literal[tuple(RELATIONS)]  # type: ignore[valid-type]


class LinkQuery(ListQuery):
    """How a list of links is narrowed."""

    question: QuestionReference | None = None
    evaluation: Reference | None = None


class QuestionLinkOut(Offers, SubjectOut):
    """A link between an evaluation and a question."""

    owner: Owner
    question: str
    evaluation: str
    relation: str

    @staticmethod
    def resolve_question(found: QuestionLink) -> str:
        """Its reference."""
        return found.question.reference

    @staticmethod
    def resolve_evaluation(found: QuestionLink) -> str:
        """Its reference."""
        return found.evaluation.reference


_ASKED = ("text", "response_due")
RecommendationAdd = inputs(
    "RecommendationAdd",
    Recommendation,
    _ASKED,
    evaluation=(Reference, ...),
    addressee=(Slug | None, None),
)
RecommendationEdit = inputs("RecommendationEdit", Recommendation, _ASKED, partial=True)


class RespondIn(In):
    """Whether it is accepted, and why."""

    response: Literal[tuple(RESPONSES)]  # type: ignore[valid-type]
    response_text: Annotated[
        str, Field(min_length=1, max_length=4000, json_schema_extra={"pattern": TEXT_PATTERN})
    ]
    responded_by: Annotated[str, Field(max_length=150, json_schema_extra=_LINE)] = ""


class FinishIn(In):
    """What changed, and when; unsaid, today."""

    changed: Annotated[
        str, Field(min_length=1, max_length=4000, json_schema_extra={"pattern": TEXT_PATTERN})
    ]
    done_on: Day | None = None


class RecommendationQuery(ListQuery):
    """How a list of recommendations is narrowed."""

    evaluation: Reference | None = None
    addressee: Slug | None = None
    standing: Literal[tuple(STANDINGS)] | None = None  # type: ignore[valid-type]


_recommendation: Any = outputs(
    "RecommendationFields", Recommendation, Recommendation.FIELDS, base=SubjectOut
)


class RecommendationOut(Offers, _recommendation):
    """A recommendation, with how it stands today."""

    evaluation: str
    addressee: Owner
    standing: str

    @staticmethod
    def resolve_evaluation(found: Recommendation) -> str:
        """The reference of the evaluation that recommends it."""
        return found.evaluation.reference

    @staticmethod
    def resolve_standing(found: Recommendation) -> str:
        """Reckoned when it is read."""
        return found.stands
