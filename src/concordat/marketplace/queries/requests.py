"""Share requests, as the actor may see them."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from concordat.kernel.access import Actor
from concordat.kernel.audit.models import Entry
from concordat.kernel.organisations.models import Organisation
from concordat.kernel.refusals import NotVisible
from concordat.marketplace.models import Agreement, Dataset, ShareRequest
from concordat.marketplace.policy import Can


def requests(actor: Actor) -> QuerySet[ShareRequest]:
    """The requests the actor may know of, on either side, newest first."""
    return (
        ShareRequest.objects.visible_to(actor)
        .select_related("owner", "supplier", "dataset")
        .order_by("-id")
    )


def request(actor: Actor, reference: str) -> ShareRequest:
    """One request. Raises NotVisible."""
    found = (
        requests(actor)
        .select_related("distribution__table__latest", "dataset__owner", "agreement")
        .filter(reference=reference)
        .first()
    )
    if found is None:
        raise NotVisible
    return found


def return_note(actor: Actor, found: ShareRequest) -> str:
    """Why a request was returned, while it is; "" otherwise. For its two sides."""
    if found.status != "returned" or not requests(actor).filter(pk=found.pk).exists():
        return ""
    last = Entry.objects.of(found).filter(name="share_request:return").last()
    return last.note if last else ""


def asking_bodies(actor: Actor) -> QuerySet[Organisation]:
    """The organisations in whose name the actor may ask for data."""
    bodies = actor.bodies(Can.SHARE_REQUEST_DRAFT)
    return Organisation.objects.visible_to(actor).filter(pk__in=bodies)


def waiting_for(actor: Actor) -> list[ShareRequest | Agreement | Dataset]:
    """What waits for a step that the actor may take, the longest wait first."""
    review = actor.bodies(Can.SHARE_REQUEST_REVIEW) | actor.bodies(Can.SHARE_REQUEST_DECIDE)
    asked = actor.bodies(Can.SHARE_REQUEST_SUBMIT)
    signing = actor.bodies(Can.AGREEMENT_SIGN)
    found: list[ShareRequest | Agreement | Dataset] = list(
        requests(actor).filter(
            Q(turn="supplier", supplier_id__in=review) | Q(turn="acquirer", owner_id__in=asked)
        )[:100]
    )
    publishing = actor.bodies(Can.DATASET_PUBLISH)
    found += list(
        Dataset.objects.visible_to(actor)
        .select_related("owner")
        .filter(status="in_review", owner_id__in=publishing)[:100]
    )
    found += list(
        Agreement.objects.visible_to(actor)
        .select_related("owner", "acquirer")
        .filter(
            Q(turn="supplier", owner_id__in=signing) | Q(turn="acquirer", acquirer_id__in=signing)
        )[:100]
    )
    return sorted(found, key=lambda record: (record.turn_since is None, record.turn_since))
