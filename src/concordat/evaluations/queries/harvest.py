"""Evaluations as harvesters read them: what is public, by when it last changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, Min, Q, QuerySet
from django.db.models.functions import Coalesce, Greatest

from concordat.evaluations.models import Evaluation
from concordat.kernel.access import Actor
from concordat.kernel.organisations.models import Organisation, Parentage
from concordat.kernel.reference import codelist


def harvest(actor: Actor) -> QuerySet[Evaluation]:
    """The evaluations the actor may know of, oldest change first, each with its `stamp`: when it last
    changed or its embargo ended."""
    changed = Coalesce(F("changed_at"), F("modified_at"))
    return (
        Evaluation.objects.visible_to(actor)
        .annotate(stamp=Greatest(changed, Coalesce(F("opens_at"), changed)))
        .select_related("owner", "successor")
        .prefetch_related("partners")
        .order_by("stamp", "id")
    )


def earliest(actor: Actor) -> datetime | None:
    """When the oldest of them last changed; None where there are none."""
    found: datetime | None = harvest(actor).order_by().aggregate(first=Min("stamp"))["first"]
    return found


def between(
    rows: QuerySet[Evaluation], since: datetime | None, until: datetime | None
) -> QuerySet[Evaluation]:
    """The rows that changed from `since` on and before `until`."""
    bounds = Q()
    if since is not None:
        bounds &= Q(stamp__gte=since)
    if until is not None:
        bounds &= Q(stamp__lt=until)
    return rows.filter(bounds)


def beyond(rows: QuerySet[Evaluation], stamp: datetime, pk: int) -> QuerySet[Evaluation]:
    """The rows after the one of that stamp and id."""
    return rows.filter(Q(stamp__gt=stamp) | Q(stamp=stamp, pk__gt=pk))


@dataclass(frozen=True)
class Sets:
    """The sets that hold something the actor may know of: their names by spec, and the spec of each
    body by its id."""

    names: dict[str, str]
    bodies: dict[int, str]

    def of(self, found: Evaluation) -> tuple[str, ...]:
        """The specs of the sets that an evaluation is in, the narrowest of each."""
        led = [self.bodies[pk] for pk in self._led(found) if pk in self.bodies]
        topics = [f"topic:{code}" for code in found.topics]
        types = [f"type:{code}" for code in found.types]
        return tuple(dict.fromkeys([*led, *topics, *types]))

    @staticmethod
    def _led(found: Evaluation) -> Iterable[int]:
        return [found.owner_id, *(partner.pk for partner in found.partners.all())]


def sets(actor: Actor) -> Sets:
    """The sets that an actor is told of: three queries, and no set that holds nothing."""
    known = Evaluation.objects.visible_to(actor)
    held = set(known.values_list("owner_id", flat=True).order_by().distinct())
    held |= set(known.values_list("partners", flat=True).order_by().distinct()) - {None}
    parents = dict(Parentage.objects.order_by("-parent__name").values_list("child", "parent"))
    bodies = {row.pk: row for row in Organisation.objects.visible_to(actor)}
    specs: dict[int, str] = {}
    names = {"body": "By body", "topic": "By topic", "type": "By type of evaluation"}
    for pk in held:
        line = [body for body in _line(pk, parents) if body in bodies]
        for place, body in enumerate(line):
            spec = ":".join(["body", *(bodies[each].slug for each in line[: place + 1])])
            specs[body] = spec
            names[spec] = bodies[body].name
    for list_name, what in (("evaluation_topics", "topic"), ("evaluation_types", "type")):
        names |= _coded(known, list_name, what)
    used = {spec.partition(":")[0] for spec in names if ":" in spec}
    told = {spec: name for spec, name in sorted(names.items()) if ":" in spec or spec in used}
    return Sets(told, specs)


def _line(body: int, parents: dict[int, int]) -> list[int]:
    """A body under those that it is part of, the widest first; a circle ends where it closes."""
    line = [body]
    while (above := parents.get(line[0])) is not None and above not in line:
        line.insert(0, above)
    return line


def _coded(known: QuerySet[Evaluation], list_name: str, what: str) -> dict[str, str]:
    """The sets of the codes that some evaluation holds."""
    field = {"topic": "topics", "type": "types"}[what]
    held = {code for codes in known.values_list(field, flat=True).order_by() for code in codes}
    found = codelist(list_name)
    return {f"{what}:{code}": found.label(code) for code in found if code in held}


def within(rows: QuerySet[Evaluation], spec: str, known: Sets) -> QuerySet[Evaluation]:
    """The rows in a set or in one beneath it; none for a set that there is not."""
    if spec not in known.names:
        return rows.none()
    what, _, rest = spec.partition(":")
    if not rest:
        return rows if what == "body" else rows.exclude(Q(**{f"{_FIELD[what]}": []}))
    if what == "body":
        bodies = [pk for pk, s in known.bodies.items() if s == spec or s.startswith(f"{spec}:")]
        led = Q(owner_id__in=bodies)
        return rows.filter(led | Q(pk__in=_partnered(rows, bodies)))
    return rows.filter(**{f"{_FIELD[what]}__icontains": f'"{rest}"'})


_FIELD = {"topic": "topics", "type": "types"}


def _partnered(rows: QuerySet[Evaluation], bodies: list[int]) -> Any:
    return Evaluation.partners.through._default_manager.filter(organisation_id__in=bodies).values(
        "evaluation_id"
    )
