"""What the API takes and shows of reports."""

from __future__ import annotations

from typing import Any

from concordat.evaluations.models import Report
from concordat.evaluations.schemas.evaluations import Moment, Reference
from concordat.kernel.doors.paging import ListQuery
from concordat.kernel.doors.schemas import In, Offers, Out, SubjectOut, inputs, outputs

_DATES: dict[str, Any] = {
    "signed_off_on": (Moment | None, None),
    "published_on": (Moment | None, None),
}
ReportDraft = inputs(
    "ReportDraft", Report, Report.FIELDS, partial=True, evaluation=(Reference, ...), **_DATES
)
ReportEdit = inputs("ReportEdit", Report, Report.FIELDS, partial=True, **_DATES)


class ReportPublication(In):
    """Where it is published, and since when; unsaid, as the report says already."""

    url: str = ""
    published_on: Moment | None = None


class ReportQuery(ListQuery):
    """How a list of reports is narrowed."""

    evaluation: Reference | None = None


class EventOut(Out):
    """One thing that happened to a report; `inferred` where the day is reckoned."""

    kind: str
    on: str | None
    inferred: bool


_fields = outputs("ReportFields", Report, Report.FIELDS, base=SubjectOut)


class ReportOut(_fields, Offers):  # type: ignore[misc, valid-type]
    """A report with the evaluation that it belongs to and what happened to it."""

    evaluation: str
    events: list[EventOut]

    @staticmethod
    def resolve_evaluation(found: Report) -> str:
        """The reference of its evaluation."""
        return found.evaluation.reference
