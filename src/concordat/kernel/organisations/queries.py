"""What became of a body, and what it was before: renamed bodies roll up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from concordat.kernel.access import Actor
from concordat.kernel.organisations.models import Organisation, Parentage, Succession
from concordat.kernel.refusals import Unknown


def current(actor: Actor, organisation: Organisation) -> list[Organisation]:
    """The bodies that an organisation is now: itself, or the ends of its successors.

    A circle in the successors ends where it began; a body without successors is its own end.
    """
    ends = all_ends([organisation.pk])[organisation.pk]
    return list(Organisation.objects.visible_to(actor).filter(pk__in=ends).order_by("name"))


def all_ends(organisations: Iterable[int]) -> dict[int, set[int]]:
    """The ids of the bodies that each of these is now, by its id: one query."""
    onward: dict[int, set[int]] = {}
    for before, after in Succession.objects.values_list("predecessor_id", "successor_id"):
        onward.setdefault(before, set()).add(after)
    return {pk: _ends(pk, onward) for pk in set(organisations)}


def _ends(start: int, onward: dict[int, set[int]]) -> set[int]:
    ends, waiting, seen = set(), [start], set()
    while waiting:
        pk = waiting.pop()
        if pk in seen:
            continue
        seen.add(pk)
        following = onward.get(pk, set()) - seen
        waiting += following
        if not following:
            ends.add(pk)
    return ends


def rolled_up(organisations: Iterable[int]) -> set[int]:
    """The ids given, with those of every body that became one of them."""
    found = set(organisations)
    backward: dict[int, set[int]] = {}
    for before, after in Succession.objects.values_list("predecessor_id", "successor_id"):
        backward.setdefault(after, set()).add(before)
    waiting = list(found)
    while waiting:
        for before in backward.get(waiting.pop(), set()) - found:
            found.add(before)
            waiting.append(before)
    return found


def leads_back(actor: Actor, tie: type[Parentage | Succession], start: int, on: set[int]) -> bool:
    """Whether one comes back to `start` by going on from any of the bodies `on`.

    `tie` says by what: from part to whole, or from predecessor to successor.
    """
    known = Organisation.objects.visible_to(actor)
    here, there = ("child", "parent") if tie is Parentage else ("predecessor", "successor")
    rows: Any = tie._default_manager.filter(**{f"{here}__in": known, f"{there}__in": known})
    onward: dict[int, set[int]] = {}
    for one, other in rows.exclude(**{here: start}).values_list(f"{here}_id", f"{there}_id"):
        onward.setdefault(one, set()).add(other)
    waiting, seen = list(on), set(on)
    while waiting:
        fresh = onward.get(waiting.pop(), set()) - seen
        seen |= fresh
        waiting += fresh
    return start in seen


@dataclass(frozen=True)
class Tie:
    """Another body that one belongs with, from a date, until a date; None where none is known."""

    body: Organisation
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class Ties:
    """What a body is part of and has within it, what it became and what it was before."""

    part_of: list[Tie]
    has: list[Tie]
    became: list[Tie]
    was: list[Tie]


def ties(actor: Actor, organisation: Organisation) -> Ties:
    """Where a body belongs: two queries."""
    known = Organisation.objects.visible_to(actor)
    parentages = Parentage.objects.filter(
        Q(child=organisation) | Q(parent=organisation), child__in=known, parent__in=known
    ).select_related("child", "parent")
    successions = Succession.objects.filter(
        Q(predecessor=organisation) | Q(successor=organisation),
        predecessor__in=known,
        successor__in=known,
    ).select_related("predecessor", "successor")
    found = Ties([], [], [], [])
    for tie in parentages.order_by("parent__name", "child__name"):
        above = tie.child_id == organisation.pk
        side, other = (found.part_of, tie.parent) if above else (found.has, tie.child)
        side.append(Tie(other, tie.starts, tie.ends))
    for change in successions.order_by("successor__name", "predecessor__name"):
        onward = change.predecessor_id == organisation.pk
        side, other = (
            (found.became, change.successor) if onward else (found.was, change.predecessor)
        )
        side.append(Tie(other, since=change.on))
    return found


def organisations(actor: Actor) -> QuerySet[Organisation]:
    """Every body the actor may know of."""
    return Organisation.objects.visible_to(actor).order_by("name", "id")


def like(rows: QuerySet[Organisation], text: str) -> QuerySet[Organisation]:
    """Those with the text in their name, abbreviation, address or another name, in any case."""
    holds = Q(name__icontains=text) | Q(abbreviation__icontains=text) | Q(slug__icontains=text)
    return rows.filter(holds | Q(aliases__icontains=text))


def bodies_of(actor: Actor, permission: str) -> QuerySet[Organisation]:
    """The bodies in which the actor holds a permission, for a form to choose from."""
    return organisations(actor).filter(pk__in=actor.bodies(permission))


def named(actor: Actor, text: str) -> QuerySet[Organisation]:
    """The organisations of that name, abbreviation, slug or alias, in any case."""
    same = Q(name__iexact=text) | Q(abbreviation__iexact=text) | Q(slug__iexact=text)
    return Organisation.objects.visible_to(actor).filter(same | Q(aliases__icontains=text))


def of_slug(actor: Actor, slug: str, field: str) -> Organisation:
    """The organisation that `field` of a request names. Raises Unknown."""
    found = Organisation.objects.visible_to(actor).filter(slug=slug).first()
    if found is None:
        raise Unknown({field: [f"There is no organisation “{slug}”."]})
    return found
