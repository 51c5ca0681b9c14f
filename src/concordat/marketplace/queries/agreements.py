"""Agreements between the sides, and the public register of data uses."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q, QuerySet

from concordat.kernel.access import Actor
from concordat.kernel.refusals import NotVisible
from concordat.marketplace.models import Agreement
from concordat.marketplace.policy import Can
from concordat.marketplace.rules.odrl import Deal, odrl_agreement
from concordat.tables.plane.policy import Policy

# What the register may show, and nothing else: no document, policy, person or version is read.
_REGISTER = (
    "reference",
    "status",
    "visibility",
    *Agreement.PUBLIC_FIELDS,
    "supplier_signed_at",
    "acquirer_signed_at",
    "ended_at",
    "owner__name",
    "owner__slug",
    "acquirer__name",
    "acquirer__slug",
    "request__dataset__title",
    "request__dataset__reference",
    "request__dataset__visibility",
)


def agreements(actor: Actor) -> QuerySet[Agreement]:
    """The agreements of the bodies the actor stands in, on either side, newest first.

    An agreement in force is public in the register; its whole text is for its sides alone.
    """
    found = Agreement.objects.visible_to(actor).select_related(
        "owner", "acquirer", "request__dataset", "supplier_signatory", "acquirer_signatory"
    )
    if not actor.is_system:
        bodies = actor.bodies(Can.AGREEMENT_SEE)
        found = found.filter(Q(owner_id__in=bodies) | Q(acquirer_id__in=bodies))
    return found.order_by("-id")


def agreement(actor: Actor, reference: str) -> Agreement:
    """One agreement of the actor's own side. Raises NotVisible."""
    found = agreements(actor).filter(reference=reference).first()
    if found is None:
        raise NotVisible
    return found


def odrl(actor: Actor, reference: str, base: str) -> dict[str, Any]:
    """The policy of an agreement of the actor's own side as ODRL, its addresses under `base`.

    Raises NotVisible.
    """
    found = agreement(actor, reference)
    table = found.request.distribution.table if found.request.distribution else None
    deal = Deal(
        uid=f"{base}{found.get_absolute_url()}",
        assigner=f"{base}{found.owner.get_absolute_url()}",
        assignee=f"{base}{found.acquirer.get_absolute_url()}",
        target=f"{base}{(table or found.request.dataset).get_absolute_url()}",
        title=found.title,
        digest=found.digest,
    )
    return odrl_agreement(deal, Policy.from_data(found.policy))


def register(actor: Actor) -> QuerySet[Agreement]:
    """The public register of data uses: every agreement that came into force, newest first."""
    return (
        Agreement.objects.visible_to(actor)
        .public()
        .select_related("owner", "acquirer", "request__dataset")
        .only(*_REGISTER)
        .order_by("-acquirer_signed_at", "-id")
    )


def uses_by_supplier(actor: Actor, most: int = 10) -> list[tuple[str, int]]:
    """How many entries of the register each supplier has: those with the most, most first."""
    counted = register(actor).order_by().values("owner__name").annotate(uses=Count("id"))
    return [
        (row["owner__name"], row["uses"]) for row in counted.order_by("-uses", "owner__name")[:most]
    ]


def register_entry(actor: Actor, reference: str) -> Agreement:
    """One entry of the register. Raises NotVisible."""
    found = register(actor).filter(reference=reference).first()
    if found is None:
        raise NotVisible
    return found
