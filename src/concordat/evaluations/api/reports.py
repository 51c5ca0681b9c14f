"""Reports on the API."""

from __future__ import annotations

from typing import Any

from ninja import Router

from concordat.evaluations import actions, queries
from concordat.evaluations.models import Report
from concordat.evaluations.schemas import reports as schemas
from concordat.kernel.access import Actor
from concordat.kernel.doors.resources import Resource, Verb, mount
from concordat.kernel.refusals import Unknown

router = Router(tags=["evaluations"])


def draft(actor: Actor, *, evaluation: str, expected: None = None, **fields: Any) -> Report:
    """Hand in one more report of the evaluation of this reference."""
    found = queries.evaluations(actor).filter(reference=evaluation).first()
    if found is None:
        raise Unknown(
            {"evaluation": ["There is no evaluation of that reference that you can see."]}
        )
    return actions.add_report(actor, found, _said(fields))


def edit(actor: Actor, found: Report, *, expected: int | None, **fields: Any) -> Report:
    """Change a draft."""
    return actions.edit_report(actor, found, _said(fields), expected)


def amend(actor: Actor, found: Report, *, note: str, expected: int | None, **fields: Any) -> Report:
    """Correct what is said of it."""
    return actions.amend_report(actor, found, _said(fields), note=note, expected=expected)


def publish(actor: Actor, found: Report, *, expected: int | None, **fields: Any) -> Report:
    """Show it to everyone."""
    return actions.publish_report(actor, found, expected=expected, **_said(fields))


def _said(fields: dict[str, Any]) -> dict[str, Any]:
    """What was sent; null leaves a field as it is."""
    return {name: value for name, value in fields.items() if value is not None}


def _narrowed(by: dict[str, Any]) -> dict[str, Any]:
    return {("evaluation__reference" if k == "evaluation" else k): v for k, v in by.items()}


mount(
    router,
    Resource(
        model=Report,
        plural="reports",
        key="id",
        read=lambda actor, **by: queries.reports(actor).filter(**_narrowed(by)),
        out=schemas.ReportOut,
        query=schemas.ReportQuery,
        verbs={
            "draft": Verb(draft, schemas.ReportDraft),
            "edit": Verb(edit, schemas.ReportEdit),
            "amend": Verb(amend, schemas.ReportEdit),
            "submit": Verb(actions.submit_report),
            "return": Verb(actions.return_report),
            "cancel": Verb(actions.cancel_report),
            "publish": Verb(publish, schemas.ReportPublication),
            "remove": Verb(actions.remove_report),
        },
    ),
)
