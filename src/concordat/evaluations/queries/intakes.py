"""Files of evaluations: those that wait, what became of those brought in, and evaluations as a file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from django.db.models import Prefetch, QuerySet

from concordat.evaluations.feeds import (
    FeedError,
    FeedEvaluation,
    Line,
    open_sheet,
    read_evaluations,
)
from concordat.evaluations.models import Evaluation, Intake, Report
from concordat.evaluations.policy import Can
from concordat.evaluations.queries.bodies import Bodies
from concordat.evaluations.rules.brought import source_of
from concordat.evaluations.rules.outward import Outward, rows_of
from concordat.kernel.access import Actor
from concordat.kernel.files import queries as uploads
from concordat.kernel.files.models import Upload
from concordat.kernel.organisations.models import Organisation
from concordat.kernel.reference import codelist
from concordat.kernel.refusals import NotVisible

MEANT_FOR: Final = "evaluations"
_START: Final = 500  # rows that a person is shown the reading of
_CHUNK: Final = 500
Unknown = dict[str, list[str]]


def intakes(actor: Actor) -> QuerySet[Intake]:
    """The files that were brought in for the actor's bodies, newest first, without their reports."""
    return Intake.objects.visible_to(actor).select_related("owner").defer("lines").order_by("-id")


def intake(actor: Actor, pk: int) -> Intake:
    """One of them. Raises NotVisible."""
    found = Intake.objects.visible_to(actor).select_related("owner").filter(pk=pk).first()
    if found is None:
        raise NotVisible
    return found


def sent_file(actor: Actor, pk: int) -> Upload:
    """A file of evaluations that waits. Raises NotVisible."""
    found = uploads.upload(actor, pk)
    if found.meant_for != MEANT_FOR or found.owner_id not in actor.bodies(Can.EVALUATION_DRAFT):
        raise NotVisible
    return found


def waits(actor: Actor, found: Intake) -> bool:
    """Whether the file of a report is still kept."""
    return bool(
        found.upload
        and Upload.objects.visible_to(actor).filter(pk=found.upload, status="kept").exists()
    )


@dataclass
class Start:
    """How the start of a file is read; `problem` says why it is not."""

    form: str = ""
    evaluations: list[FeedEvaluation] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    unknown: Unknown = field(default_factory=dict)
    problem: str = ""


def start_of(actor: Actor, sent: Upload) -> Start:
    """The evaluations in the first rows of a file, and which of its names are no body's."""
    start, bodies = Start(), Bodies(actor)
    try:
        with uploads.opened(sent) as path:
            sheet = open_sheet(path)
            reading = read_evaluations(sheet, _START)
            start.form, start.lines = sheet.form, list(sheet.lines)
            for found in reading:
                start.evaluations.append(found)
                start.lines += found.lines
                for name in found.bodies:
                    if bodies.find(name) is None and name not in start.unknown:
                        start.unknown[name] = bodies.close(name)
            start.lines += reading.lines
    except FeedError as error:
        start.problem = str(error)
    return start


def workbook_rows(actor: Actor, owner: Organisation | None = None) -> Iterator[list[str]]:
    """The evaluations that the actor may see, or those that one body leads, as rows of the workbook.

    Those of one body have the ids of the file that they came from; any other has its reference. What
    is hidden is told to the lead body alone.
    """
    own = actor.bodies(Can.EVALUATION_SEE)
    native = Report.objects.visible_to(actor).filter(source_id="").exclude(status="removed")
    found = (
        Evaluation.objects.visible_to(actor)
        .exclude(status__in=("withdrawn", "cancelled"))
        .select_related("owner")
        .prefetch_related("partners", Prefetch("reports", native, to_attr="own_reports"))
        .order_by("id")
    )
    if owner is not None:
        found = found.filter(owner=owner)
    for row in found.iterator(chunk_size=_CHUNK):
        yield from rows_of(_outward(row, inside=row.owner_id in own, together=owner is not None))


def _outward(row: Evaluation, *, inside: bool, together: bool) -> Outward:
    foreign = dict(row.foreign) if inside else {}
    told = [_report(report) for report in row.own_reports]  # type: ignore[attr-defined]
    ours = together and inside and row.source == source_of(row.owner_id)
    return Outward(
        id=row.source_id if ours else row.reference,
        title=row.title,
        summary=row.summary,
        types=list(row.types),
        designs=list(row.designs),
        dates=row.dates,
        plan=row.plan if inside else row.shown_plan(),
        foreign=foreign | {"reports": [*foreign.get("reports", []), *told]},
        bodies=[row.owner.name, *(partner.name for partner in row.partners.all())],
    )


def _report(report: Report) -> dict[str, Any]:
    kinds = [codelist("report_types").label(code) for code in report.kinds]
    return {
        "id": f"R{report.pk}",
        "title": report.title,
        "kind": "; ".join(kinds),
        "authors": "; ".join(report.authors),
        "url": report.url,
        "published": report.published_on[:7],
    }


def source_told(actor: Actor, found: Evaluation) -> list[tuple[str, list[tuple[str, str]]]]:
    """(heading, (label, text) pairs) of what the source of an evaluation said and its plan has no
    place for. Raises NotVisible for whoever does not belong to the lead body or is not invited."""
    if not (found.owner_id in actor.bodies(Can.EVALUATION_SEE) or found.invites(actor)):
        raise NotVisible
    held = found.foreign
    findings = [
        (
            f"{each['kind'].capitalize()}{', report ' + each['report'] if each.get('report') else ''}",
            "\n\n".join(each[name] for name in ("summary", "findings") if each.get(name)),
        )
        for each in held.get("findings", [])
    ]
    unmapped = [
        (f"{each['title'] or 'Question'} ({each['key']})", each["said"])
        for each in held.get("unmapped", [])
    ]
    unsaid = [(_of(each["column"], each["item"]), each["said"]) for each in held.get("unsaid", [])]
    parts = [
        ("Answers that have no place here", unmapped),
        ("Could not be read", list(held.get("unread", {}).items())),
        ("Columns without a place here", list(held.get("rest", {}).items())),
        ("Findings, as they were told", findings),
        ("Not stated", unsaid),
    ]
    return [(heading, rows) for heading, rows in parts if rows]


def _of(column: str, item: str) -> str:
    return f"{column} ({item})" if item else column
