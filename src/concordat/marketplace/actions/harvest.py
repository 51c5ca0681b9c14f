"""Bringing in another catalogue: new records, amended ones, and nothing at all when nothing changed."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final

from django.db import transaction

from concordat.kernel.access import SYSTEM, Actor
from concordat.kernel.deeds import act, act_many
from concordat.kernel.organisations.lifecycle import ORGANISATION
from concordat.kernel.organisations.models import Organisation
from concordat.kernel.refusals import Invalid, Refusal
from concordat.marketplace.actions.sameness import link_same
from concordat.marketplace.feeds import FeedDataset, FeedDistribution, FeedService, Line
from concordat.marketplace.lifecycle import DATA_SERVICE, DATASET, DISTRIBUTION
from concordat.marketplace.models import DataService, Dataset, Distribution

_BATCH: Final = 200


@dataclass
class Harvest:
    """What a run did: counts by outcome, and every line of the report."""

    source: str
    counts: Counter[str] = field(default_factory=Counter)
    lines: list[Line] = field(default_factory=list)

    def tell(self, line: Line) -> None:
        """Add a line."""
        self.lines.append(line)
        noun = "files" if line.outcome == "refused" else "rows"
        self.counts[f"{noun} {line.outcome}"] += 1


def harvest(
    actor: Actor,
    source: str,
    found: Iterable[FeedDataset | FeedService | Line],
    progress: Callable[[int], None] | None = None,
) -> Harvest:
    """Bring a catalogue in as `actor`, in the name of the bodies that publish it.

    A dataset is known by (source, the source's own id): new ones are made, changed ones amended,
    unchanged ones not touched at all. One that is no longer there is reported, never withdrawn by
    a single run. Whatever is refused, by the model or by the state of the record, becomes a line
    of the report. What other sources tell of the same dataset is linked with it.
    """
    run = Harvest(source)
    publishers = _Publishers(run)
    known = _known(actor, Dataset, source)
    services = _known(actor, DataService, source)
    seen: set[str] = set()
    waiting = iter(found)
    while batch := list(islice(waiting, _BATCH)):
        datasets = _published(run, batch, publishers)
        for each in batch:
            if isinstance(each, Line):
                run.tell(each)
            elif isinstance(each, FeedService):
                _bring_in_service(actor, run, each, services, publishers)
        seen.update(each.source_id for each in batch if isinstance(each, FeedDataset))
        _bring_in(actor, run, datasets, known, publishers)
        if progress:
            progress(len(seen))
    if not run.counts["files refused"]:  # what stands in a file nobody could read is not gone
        _gone(run, "datasets", set(known) - seen)
        _gone(run, "data services", set(services))
    run.counts["links made"] += link_same(SYSTEM, source)
    return run


def _published(
    run: Harvest, batch: list[FeedDataset | FeedService | Line], publishers: _Publishers
) -> list[FeedDataset]:
    """The datasets of a batch whose publishers there are, made where nobody knew them."""
    kept = []
    for each in batch:
        if isinstance(each, FeedDataset):
            try:
                publishers.body(each.publisher)
            except Refusal as refusal:
                _refused(run, each, refusal)
            else:
                kept.append(each)
    return kept


def _known(actor: Actor, model: type[Dataset | DataService], source: str) -> dict[str, Any]:
    """(primary key, digest) by the source's own id, of what earlier runs brought in."""
    rows = model.objects.visible_to(actor).filter(source=source)
    return {row[0]: row[1:] for row in rows.values_list("source_id", "pk", "source_digest")}


def _gone(run: Harvest, noun: str, missing: set[str]) -> None:
    for source_id in sorted(missing):
        run.counts[f"{noun} gone"] += 1
        message = "No longer at the source; kept."
        run.lines.append(Line(run.source, "noted", message, before=source_id))


def _bring_in_service(
    actor: Actor,
    run: Harvest,
    each: FeedService,
    known: dict[str, Any],
    publishers: _Publishers,
) -> None:
    pk, digest = known.pop(each.source_id, (None, ""))
    if digest == each.digest():
        run.counts["data services unchanged"] += 1
        return
    try:
        owner = publishers.body(each.publisher)
        with transaction.atomic():
            if pk is None:
                made = DataService(owner=owner)
                act(actor, DATA_SERVICE["harvest"], made, _service(run.source, each, owner))
            else:
                row = DataService.objects.visible_to(actor).get(pk=pk)
                values = _service(run.source, each, row.owner)
                note = f"Changed at {run.source}"
                act(actor, DATA_SERVICE["amend"], row, values, note=note)
    except Refusal as refusal:
        _refused(run, each, refusal, "data services")
    else:
        run.counts["data services made" if pk is None else "data services amended"] += 1


def _bring_in(
    actor: Actor,
    run: Harvest,
    datasets: list[FeedDataset],
    known: dict[str, Any],
    publishers: _Publishers,
) -> None:
    new = [each for each in datasets if each.source_id not in known]
    try:
        with transaction.atomic():
            _make(actor, run, new, publishers)
    except Refusal:  # one of them: find out which, one by one
        for each in new:
            try:
                with transaction.atomic():
                    _make(actor, run, [each], publishers)
            except Refusal as refusal:
                _refused(run, each, refusal)
    for each in datasets:
        if each.source_id in known:
            _amend(actor, run, each, *known[each.source_id])


def _refused(
    run: Harvest, each: FeedDataset | FeedService, refusal: Refusal, noun: str = "datasets"
) -> None:
    errors = refusal.errors if isinstance(refusal, Invalid) else {}
    why = "; ".join(f"{name}: {' '.join(said)}" for name, said in errors.items())
    why = why or f"Not changed: {refusal.detail}"
    run.counts[f"{noun} refused"] += 1
    run.lines.append(Line(each.source_id[:200], "rejected", why[:500], before=each.title))


def _make(actor: Actor, run: Harvest, new: list[FeedDataset], publishers: _Publishers) -> None:
    rows = [Dataset(owner=publishers.body(each.publisher)) for each in new]
    act_many(
        actor,
        DATASET["harvest"],
        zip(
            rows,
            (_values(run.source, each, row.owner) for each, row in zip(new, rows, strict=True)),
            strict=True,
        ),
    )
    pairs = (
        (Distribution(dataset=row), _form(d))
        for each, row in zip(new, rows, strict=True)
        for d in each.distributions
    )
    run.counts["distributions made"] += act_many(actor, DISTRIBUTION["draft"], pairs)
    run.counts["datasets made"] += len(new)


def _amend(actor: Actor, run: Harvest, each: FeedDataset, pk: int, digest: str) -> None:
    if digest == each.digest():
        run.counts["datasets unchanged"] += 1
        return
    row = Dataset.objects.visible_to(actor).get(pk=pk)
    try:
        with transaction.atomic():
            values = _values(run.source, each, row.owner)
            act(actor, DATASET["amend"], row, values, note=f"Changed at {run.source}")
            _match_distributions(actor, row, each)
    except Refusal as refusal:
        _refused(run, each, refusal)
    else:
        run.counts["datasets amended"] += 1


def _match_distributions(actor: Actor, row: Dataset, each: FeedDataset) -> None:
    held = {d.identifier: d for d in row.distributions.filter(status="listed", table=None)}
    for found in each.distributions:
        was = held.pop(found.identifier, None)
        values = _form(found)
        if was is None:
            act(actor, DISTRIBUTION["draft"], Distribution(dataset=row), values)
        elif any(getattr(was, name) != value for name, value in values.items()):
            act(actor, DISTRIBUTION["edit"], was, values)
    for gone in held.values():
        act(actor, DISTRIBUTION["remove"], gone)


def _service(source: str, each: FeedService, owner: Organisation) -> dict[str, Any]:
    return {
        **_common(source, each, owner),
        "endpoint_url": each.endpoint_url,
        "endpoint_description": each.endpoint_description,
        "service_type": each.service_type,
        "service_status": each.service_status,
    }


def _values(source: str, each: FeedDataset, owner: Organisation) -> dict[str, Any]:
    return {**_common(source, each, owner), "update_frequency": each.frequency}


def _common(source: str, each: FeedDataset | FeedService, owner: Organisation) -> dict[str, Any]:
    late = each.created and each.modified and each.created > each.modified
    return {
        "title": each.title,
        "alternative_titles": list(each.alternative_titles)[:100],
        "description": each.description,
        "summary": "",
        "keywords": list(each.keywords),
        "themes": list(each.themes),
        "contact_name": each.contact_name,
        "contact_email": each.contact_email,
        "creators": [owner],
        "release": "as harvested",
        "created_on": None if late else each.created,
        "issued_on": each.issued,
        "modified_on": each.modified,
        "licence": each.licence,
        "access_rights": each.access_rights,
        "landing_page": each.landing_page,
        "source": source,
        "source_id": each.source_id,
        "source_digest": each.digest(),
    }


def _form(found: FeedDistribution) -> dict[str, Any]:
    return {
        "identifier": found.identifier,
        "title": found.title or found.format or "Distribution",
        "description": found.description,
        "access_url": found.access_url,
        "download_url": found.download_url,
        "format": found.format,
        "media_type": found.media_type,
        "licence": found.licence,
        "byte_size": found.byte_size,
    }


class _Publishers:
    """Organisations by every name they go by; one that nobody knows is made, and reported."""

    def __init__(self, run: Harvest) -> None:
        self.run = run
        self.known: dict[str, Organisation] = {}
        for body in Organisation.objects.visible_to(SYSTEM):
            for name in (body.slug, body.name, body.abbreviation, *body.aliases):
                if name:
                    self.known.setdefault(name.casefold(), body)

    def body(self, name: str) -> Organisation:
        """The organisation of that name."""
        found = self.known.get(name.casefold())
        if found is None:
            found = self._make(name)
            self.known[name.casefold()] = found
        return found

    def _make(self, name: str) -> Organisation:
        slug = self._slug(name)
        body = Organisation(slug=slug, name=name, kind="other", is_government=True)
        made = act(SYSTEM, ORGANISATION["draft"], body)
        self.run.counts["organisations made"] += 1
        message = "A publisher nobody knew; an organisation was made for it."
        self.run.lines.append(Line(self.run.source, "repaired", message, "publisher", name))
        return made

    @staticmethod
    def _slug(name: str) -> str:
        plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
        base = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:200] or "publisher"
        slug, number = base, 2
        while Organisation.objects.filter(slug=slug).exists():
            slug, number = f"{base}-{number}", number + 1
        return slug
