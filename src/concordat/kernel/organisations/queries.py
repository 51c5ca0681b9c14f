"""What became of a body, and what it was before: renamed bodies roll up."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from concordat.kernel.access import Actor
from concordat.kernel.organisations.models import Organisation, Succession
from concordat.kernel.refusals import Unknown


def current(actor: Actor, organisation: Organisation) -> list[Organisation]:
    """The bodies that an organisation is now: itself, or the ends of its successors.

    A circle in the successors ends where it began; a body without successors is its own end.
    """
    onward: dict[int, set[int]] = {}
    for before, after in Succession.objects.values_list("predecessor_id", "successor_id"):
        onward.setdefault(before, set()).add(after)
    ends, waiting, seen = set(), [organisation.pk], set()
    while waiting:
        pk = waiting.pop()
        if pk in seen:
            continue
        seen.add(pk)
        following = onward.get(pk, set()) - seen
        waiting += following
        if not following:
            ends.add(pk)
    return list(Organisation.objects.visible_to(actor).filter(pk__in=ends).order_by("name"))


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
