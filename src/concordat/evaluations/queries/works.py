"""Evaluations and versions of their plans as works that can be cited."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.utils import timezone

from concordat.evaluations.feeds.work import Output, Relation, Work
from concordat.evaluations.models import Evaluation, Plan, Report
from concordat.kernel.access import Actor
from concordat.kernel.organisations.models import Organisation
from concordat.kernel.reference import codelist


def work(actor: Actor, found: Evaluation) -> Work:
    """One evaluation to be cited."""
    return works(actor, [found])[found.pk]


def works(actor: Actor, rows: Iterable[Evaluation]) -> dict[int, Work]:
    """Evaluations to be cited, by id, with their versions and published reports: two queries."""
    found = {row.pk: row for row in rows}
    known = Evaluation.objects.visible_to(actor).filter(pk__in=found)
    plans: dict[int, list[Plan]] = {}
    listed = Plan.objects.filter(evaluation__in=known).order_by("number")
    for plan in listed.only("evaluation_id", "number", "doi", "created_at"):
        plans.setdefault(plan.evaluation_id, []).append(plan)
    reports: dict[int, list[Report]] = {}
    for report in Report.objects.visible_to(actor).filter(evaluation__in=known, status="published"):
        reports.setdefault(report.evaluation_id, []).append(report)
    return {pk: _work(row, plans.get(pk, []), reports.get(pk, [])) for pk, row in found.items()}


def _work(found: Evaluation, plans: list[Plan], reports: list[Report]) -> Work:
    gone = found.status == "withdrawn"
    outputs = () if gone else tuple(_output(report) for report in reports)
    return Work(
        reference=found.reference,
        address=_address(found),
        title=found.title,
        creators=(found.owner.name, *(partner.name for partner in found.partners.all())),
        available=_available(found, found.published_at),
        summary="" if gone else found.plain_summary or found.summary,
        subjects=() if gone else _labels("evaluation_topics", found.topics),
        types=_types(found.types),
        doi=found.doi,
        dates=tuple(_dates(found, plans)),
        related=(
            *(Relation("HasVersion", _address(found, p.number), p.doi) for p in plans),
            *(Relation("IsDocumentedBy", o.address, o.doi) for o in outputs if o.address or o.doi),
            *_after(found),
        ),
        grants=() if gone else _grants(found.shown_plan()),
        outputs=outputs,
    )


def version_work(actor: Actor, found: Evaluation, plan: Plan) -> Work:
    """One version of a plan to be cited, as it was: two queries."""
    body = plan.body
    near = [plan.number - 1, plan.number + 1]
    beside = Plan.objects.filter(
        evaluation__in=Evaluation.objects.visible_to(actor).filter(pk=found.pk), number__in=near
    )
    kinds = {near[0]: "IsNewVersionOf", near[1]: "IsPreviousVersionOf"}
    day = _available(found, plan.created_at)
    return Work(
        reference=f"{found.reference}/{plan.number}",
        address=_address(found, plan.number),
        title=body["title"],
        creators=_named(actor, [body["lead"], *body["partners"]]) or (found.owner.name,),
        available=day,
        summary=body["plain_summary"] or body["summary"],
        subjects=_labels("evaluation_topics", body["topics"]),
        types=_types(body["types"]),
        version=str(plan.number),
        doi=plan.doi,
        dates=(("Available", day.isoformat()),),
        related=(
            Relation("IsVersionOf", _address(found), found.doi),
            *(Relation(kinds[p.number], _address(found, p.number), p.doi) for p in beside),
        ),
        grants=_grants(plan.shown()["plan"]),
    )


def _address(found: Evaluation, number: int | None = None) -> str:
    """The permanent public address of an evaluation, or of a version of its plan."""
    place = f"{settings.BASE_URL}{found.get_absolute_url()}"
    return place if number is None else f"{place}/versions/{number}"


def _available(found: Evaluation, made: datetime | None) -> date:
    """The day from which on anyone could read what was made at a moment."""
    moments = [moment for moment in (made, found.opens_at) if moment is not None]
    return timezone.localdate(max(moments, default=found.created_at))


def _dates(found: Evaluation, plans: list[Plan]) -> Iterable[tuple[str, str]]:
    yield "Available", _available(found, found.published_at).isoformat()
    told = [("Submitted", found.submitted_at), ("Accepted", found.signed_off_at)]
    if len(plans) > 1:
        told.append(("Updated", plans[-1].created_at))
    told.append(("Withdrawn", found.withdrawn_at))
    for kind, moment in told:
        if moment is not None:
            yield kind, timezone.localdate(moment).isoformat()


def _after(found: Evaluation) -> Iterable[Relation]:
    """What took its place, where that is public."""
    after = found.successor
    if after is not None and after.is_public:
        yield Relation("IsObsoletedBy", _address(after), after.doi)


def _output(report: Report) -> Output:
    return Output(report.title, report.url, report.doi, report.published_on)


def _labels(name: str, codes: Iterable[str]) -> tuple[str, ...]:
    return tuple(codelist(name).label(code) for code in codes)


def _types(codes: Iterable[str]) -> tuple[str, ...]:
    return tuple(f"{label} evaluation" for label in _labels("evaluation_types", codes))


def _grants(plan: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """The grants that a plan tells: none while they are hidden."""
    held = plan.get("grants") or []
    if isinstance(held, Mapping):
        held = held.get("value", [])
    told = ((grant.get("name", ""), grant.get("number", "")) for grant in held)
    return tuple(pair for pair in told if any(pair))


def _named(actor: Actor, slugs: list[str]) -> tuple[str, ...]:
    """The names of bodies, in the order of their slugs."""
    rows = Organisation.objects.visible_to(actor).filter(slug__in=slugs)
    names = {row.slug: row.name for row in rows}
    return tuple(names[slug] for slug in slugs if slug in names)
