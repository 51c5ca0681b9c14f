"""Reads of tables of totals; each begins with who is reading."""

from __future__ import annotations

from django.db.models import QuerySet

from concordat.kernel.access import Actor, may
from concordat.kernel.deeds import offered
from concordat.kernel.refusals import NotVisible
from concordat.tables.lifecycle import OUTPUT, RECIPIENT
from concordat.tables.models import Output, Share
from concordat.tables.policy import Can
from concordat.tables.queries.delivery import may_read


def outputs(actor: Actor) -> QuerySet[Output]:
    """The tables of totals on a side of which the actor stands, newest first."""
    found = Output.objects.visible_to(actor)
    return found.select_related("owner", "recipient", "share__table", "table_version").order_by(
        "-id"
    )


def one_output(actor: Actor, reference: str) -> Output:
    """One of them. Raises NotVisible."""
    found = outputs(actor).filter(reference=reference).first()
    if found is None:
        raise NotVisible
    return found


def may_ask(actor: Actor, share: Share) -> bool:
    """Whether the actor may ask for totals through a share now."""
    return may(actor, Can.OUTPUT_ASK, share, RECIPIENT) and may_read(actor, share)


def may_review(actor: Actor, output: Output) -> bool:
    """Whether the actor may see what an output hides: who may clear it now, and nobody else."""
    return OUTPUT["clear"] in offered(actor, output)
