"""What the API takes and shows of files of evaluations."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from concordat.evaluations.schemas.evaluations import Slug
from concordat.kernel.doors.schemas import In, Out, Owner
from concordat.kernel.text import LINE_PATTERN


class IntakeLineOut(Out):
    """What became of a row, why, and how to mend it."""

    place: str
    outcome: str
    says: str
    mend: str
    column: str
    said: str


class IntakeRow(Out):
    """A file that was brought in or checked (`dry`), and how many of each there were."""

    id: int
    name: str
    owner: Owner
    dry: bool
    created_at: datetime
    counts: dict[str, int]


class IntakeOut(IntakeRow):
    """The same with its whole report: `unknown` are names that no body has, with close ones."""

    unknown: dict[str, list[str]]
    lines: list[IntakeLineOut]


class IntakePage(Out):
    """Files, newest first."""

    items: list[IntakeRow]
    next: str | None


class ForeignAnswersIn(In):
    """Answers to a foreign registration form."""

    owner: Slug
    form: Annotated[str, Field(max_length=255, description="The form’s name")] = ""
    title: Annotated[
        str,
        Field(
            max_length=1024,
            description="If the form asks for none",
            json_schema_extra={"pattern": LINE_PATTERN},
        ),
    ] = ""
    answers: Annotated[
        dict[str, Any], Field(description="An answer for each question’s key, as exported")
    ]
    template: Annotated[
        dict[str, Any] | None, Field(description="The form itself, for its questions’ words")
    ] = None
