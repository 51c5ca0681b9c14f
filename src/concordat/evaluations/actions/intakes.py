"""Bringing a file of evaluations in: each is made or changed whole, or waits, and is told of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from concordat.evaluations.actions.evaluations import amend_evaluation
from concordat.evaluations.actions.told import match_reports, record_reports
from concordat.evaluations.feeds import (
    FeedError,
    FeedEvaluation,
    Line,
    open_sheet,
    read_evaluations,
)
from concordat.evaluations.lifecycle import EVALUATION, INTAKE
from concordat.evaluations.models import Evaluation, Intake
from concordat.evaluations.queries.bodies import Bodies
from concordat.evaluations.queries.intakes import MEANT_FOR
from concordat.evaluations.rules.brought import Brought, brought, digest_of, source_of
from concordat.kernel.access import SYSTEM, Actor, may
from concordat.kernel.deeds import act, act_many
from concordat.kernel.files import queries as uploads
from concordat.kernel.files.actions import discard_upload, keep_upload
from concordat.kernel.files.models import Upload
from concordat.kernel.jobs import Running, queue, task
from concordat.kernel.jobs.models import Job
from concordat.kernel.organisations.models import Organisation
from concordat.kernel.organisations.queries import of_slug
from concordat.kernel.refusals import Invalid, NotAllowed, Refusal

KINDS: Final = ("text", "workbook")
MOST_LINES: Final = 100_000
_BATCH: Final = 250
_COUNTED: Final = {"waits": "waiting"}
_CLOSED: Final = {
    "in_review": "It is being signed off. Return it to a draft, then bring the file in again.",
    "signed_off": "It is signed off. Publish it or return it, then bring the file in again.",
    "withdrawn": "It was withdrawn. Restore it, then bring the file in again.",
    "cancelled": "It was cancelled. Give it another id in the file to register it anew.",
}


@dataclass
class _Known:
    """An evaluation that an earlier file brought in."""

    pk: int
    digest: str
    status: str
    reference: str


@dataclass
class _Run:
    """One run over a file."""

    actor: Actor
    owner: Organisation
    source: str
    dry: bool
    bodies: Bodies
    file: str
    today: date = field(default_factory=timezone.localdate)
    known: dict[str, _Known] = field(default_factory=dict)
    registered: set[str] = field(default_factory=set)
    counts: Counter[str] = field(default_factory=Counter)
    lines: list[Line] = field(default_factory=list)
    unknown: dict[str, list[str]] = field(default_factory=dict)

    def tell(self, found: FeedEvaluation, outcome: Any, says: str, mend: str = "") -> None:
        """Say what became of an evaluation, and count it."""
        self.counts[f"evaluations {_COUNTED.get(outcome, outcome)}"] += 1
        self.lines.append(Line(found.place, outcome, says[:500], mend, said=found.source_id[:255]))

    def report(self, upload: int | None, chosen: dict[str, str]) -> dict[str, Any]:
        """What is kept of the run."""
        return {
            "name": self.file[-255:],
            "upload": upload,
            "dry": self.dry,
            "counts": dict(sorted(self.counts.items())),
            "lines": [asdict(line) for line in self.lines[:MOST_LINES]],
            "unknown": self.unknown,
            "chosen": chosen,
        }


def import_evaluations(
    actor: Actor,
    owner: Organisation,
    path: Path,
    *,
    name: str = "",
    upload: int | None = None,
    chosen: Mapping[str, str] | None = None,
    dry: bool = False,
    progress: Callable[[int], None] | None = None,
) -> Intake:
    """Bring in the evaluations of a file as drafts that `owner` leads, and keep the report.

    One is known by its id in the files of that body: a new one is made, one that differs from what
    the last file said is changed, any other is not touched. One with a name that is no body's waits,
    until `chosen` says which body (a slug) that name is. A `dry` run does all that and undoes it.

    Raises NotAllowed before anything is read, and Invalid (field `file`) for no such file.
    """
    if not may(actor, EVALUATION["draft"].needs, Evaluation(owner=owner)):
        raise NotAllowed
    told = dict(chosen or {})
    run = _Run(actor, owner, source_of(owner.pk), dry, Bodies(actor, told), name or path.name)
    run.known = _known(run)
    visible = Evaluation.objects.visible_to(actor)
    run.registered = set(visible.values_list("reference", flat=True).iterator())
    try:
        _read(run, path, progress)
    except FeedError as error:
        raise Invalid({"file": [str(error)]}) from error
    return act(actor, INTAKE["keep"], Intake(owner=owner), run.report(upload, told))


def _known(run: _Run) -> dict[str, _Known]:
    rows = Evaluation.objects.visible_to(run.actor).filter(source=run.source)
    columns = ("source_id", "pk", "source_digest", "status", "reference")
    return {row[0]: _Known(*row[1:]) for row in rows.values_list(*columns)}


def _read(run: _Run, path: Path, progress: Callable[[int], None] | None) -> None:
    sheet = open_sheet(path)
    run.lines += sheet.lines
    reading = read_evaluations(sheet)
    waiting = iter(reading)
    while batch := list(islice(waiting, _BATCH)):
        with transaction.atomic():
            _bring_in(run, batch)
            transaction.set_rollback(run.dry)
        for found in batch:
            run.counts["reports"] += len(found.reports)
            run.counts["outcomes"] += len(found.items.get("outcomes", []))
            run.counts["interventions"] += len(found.items.get("interventions", []))
        if progress:
            progress(reading.rows)
    run.lines += reading.lines
    run.counts["rows refused"] += len(reading.lines)
    run.counts["rows"] += reading.rows


def _bring_in(run: _Run, batch: list[FeedEvaluation]) -> None:
    new = []
    for found in batch:
        run.lines += [line for line in found.lines if line.outcome == "noted"]
        refused = [line for line in found.lines if line.outcome == "refused"]
        if refused:
            run.tell(found, "refused", refused[0].says, refused[0].mend)
            continue
        values = _values(run, found)
        if values is None:
            continue
        known = run.known.get(found.source_id)
        if known is not None:
            _change(run, found, known, values)
        elif found.source_id in run.registered:
            says = f"{found.source_id} is registered here already."
            run.tell(found, "unchanged", says, "Change it on its own page.")
        else:
            new.append((found, values))
    _make(run, new)


def _values(run: _Run, found: FeedEvaluation) -> dict[str, Any] | None:
    """What an evaluation is with us; None where it waits for somebody to say who a name is."""
    unknown = [n for n in found.bodies if not (run.bodies.find(n) or run.bodies.is_left_out(n))]
    if unknown:
        for name in unknown:
            if name not in run.unknown:
                run.unknown[name] = run.bodies.close(name)
        close = run.unknown[unknown[0]][:3]
        mend = "Choose which bodies they are, then bring the file in again."
        near = f" Close to: {', '.join(close)}." if close else ""
        run.tell(found, "waits", f"No body is called “{'”, “'.join(unknown)}”.{near}", mend)
        return None
    made: Brought = brought(found, run.today)
    run.lines += made.lines
    bodies = {b.pk: b for n in found.bodies if (b := run.bodies.find(n)) and b.pk != run.owner.pk}
    slugs = sorted(body.slug for body in bodies.values())
    values = made.values | {
        "source": run.source,
        "source_id": found.source_id,
        "source_digest": digest_of([made.digest, slugs]),
    }
    if bodies or found.bodies:
        values["partners"] = list(bodies.values())
    return values


def _make(run: _Run, new: list[tuple[FeedEvaluation, dict[str, Any]]]) -> None:
    made = [(Evaluation(owner=run.owner), found) for found, _ in new]
    try:
        with transaction.atomic():
            pairs = ((row, values) for (row, _), (_, values) in zip(made, new, strict=True))
            act_many(run.actor, EVALUATION["draft"], pairs)
            record_reports(run.actor, made)
    except Refusal:  # one of them: find out which, one by one
        made = [(row, each[0]) for each in new if (row := _made(run, *each)) is not None]
    for row, found in made:
        run.tell(found, "made", found.title if run.dry else f"{row.reference}: {found.title}")


def _made(run: _Run, found: FeedEvaluation, values: dict[str, Any]) -> Evaluation | None:
    try:
        with transaction.atomic():
            row = act(run.actor, EVALUATION["draft"], Evaluation(owner=run.owner), values)
            record_reports(run.actor, [(row, found)])
            return row
    except Refusal as refusal:
        _refused(run, found, refusal)
        return None


def _refused(run: _Run, found: FeedEvaluation, refusal: Refusal) -> None:
    errors = refusal.errors if isinstance(refusal, Invalid) else {}
    why = "; ".join(f"{name}: {' '.join(said)}" for name, said in errors.items())
    run.tell(found, "refused", why or refusal.detail, "Mend the row." if errors else refusal.mend)


def _change(run: _Run, found: FeedEvaluation, known: _Known, values: dict[str, Any]) -> None:
    if known.digest == values["source_digest"]:
        run.tell(found, "unchanged", f"{known.reference}: {found.title}")
        return
    if known.status in _CLOSED:
        run.tell(found, "waits", f"{known.reference} cannot be changed now.", _CLOSED[known.status])
        return
    row = Evaluation.objects.visible_to(run.actor).get(pk=known.pk)
    try:
        with transaction.atomic():
            if known.status == "published":
                amend_evaluation(run.actor, row, values, note=f"Changed in {run.file}"[:4000])
            else:
                act(run.actor, EVALUATION["edit"], row, values)
            match_reports(run.actor, row, found, f"Changed in {run.file}")
    except Refusal as refusal:
        _refused(run, found, refusal)
    else:
        run.tell(found, "changed", f"{known.reference}: {found.title}")


def send_evaluations(
    actor: Actor, owner: Organisation, name: str, pieces: Iterable[bytes]
) -> Upload:
    """Keep a file of evaluations for a week, to be looked at and brought in.

    Raises NotAllowed, and Invalid (field `file`) for what is neither CSV nor a workbook.
    """
    if not may(actor, EVALUATION["draft"].needs, Evaluation(owner=owner)):
        raise NotAllowed
    return keep_upload(actor, owner, name, pieces, KINDS, MEANT_FOR)


def receive_evaluations(
    actor: Actor, upload: Upload, *, chosen: Mapping[str, str] | None = None, dry: bool = False
) -> Job:
    """Bring a file in that was sent, as a job that the actor can follow."""
    arguments = {"upload": upload.pk, "owner": upload.owner.slug, "chosen": dict(chosen or {})}
    title = f"{'Check' if dry else 'Bring in'} {upload.name}"
    return queue(actor, upload.owner, "import_evaluations", {**arguments, "dry": dry}, title=title)


@task("import_evaluations")
def _import_upload(
    running: Running, upload: int, owner: str, chosen: dict[str, str], dry: bool
) -> dict[str, Any]:
    """The job behind `receive_evaluations`, done as whoever asked for it."""
    actor = running.actor
    sent, body = uploads.upload(actor, upload), of_slug(actor, owner, "owner")
    with uploads.opened(sent) as path:
        intake = import_evaluations(
            actor,
            body,
            path,
            name=sent.name,
            upload=sent.pk,
            chosen=chosen,
            dry=dry,
            progress=lambda rows: running.progress(rows, 0, "Rows read"),
        )
    if not dry and not intake.unknown:
        discard_upload(SYSTEM, sent)
    return {**intake.counts, "intake": intake.pk, "url": intake.get_absolute_url()}
