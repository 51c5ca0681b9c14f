"""Asking for data, and being answered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from concordat.kernel.access import Actor
from concordat.kernel.deeds import act
from concordat.kernel.organisations.models import Organisation
from concordat.kernel.refusals import Invalid
from concordat.marketplace.actions.agreements import draft_agreement
from concordat.marketplace.lifecycle import SHARE_REQUEST
from concordat.marketplace.models import Agreement, Dataset, ShareRequest


def draft_request(
    actor: Actor, acquirer: Organisation, dataset: Dataset, values: Mapping[str, Any]
) -> ShareRequest:
    """A request by `acquirer` for `dataset`, unseen by the supplier until it is submitted."""
    if acquirer.pk == dataset.owner_id:
        raise Invalid({"dataset": ["Your own organisation publishes this; no request is needed."]})
    request = ShareRequest(owner=acquirer, dataset=dataset, supplier=dataset.owner)
    return act(actor, SHARE_REQUEST["draft"], request, values)


def edit_request(
    actor: Actor, request: ShareRequest, values: Mapping[str, Any], expected: int | None = None
) -> ShareRequest:
    """Change a draft, or answer what the supplier asked when they returned it."""
    return act(actor, SHARE_REQUEST["edit"], request, values, expected=expected)


def accept_request(
    actor: Actor, request: ShareRequest, *, note: str = "", expected: int | None = None
) -> Agreement:
    """Say yes: the request is accepted and its agreement drafted, together or not at all."""
    with transaction.atomic():
        accepted = act(actor, SHARE_REQUEST["accept"], request, note=note, expected=expected)
        return draft_agreement(actor, accepted)
