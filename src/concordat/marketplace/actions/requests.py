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
from concordat.marketplace.rules.clauses import CLAUSES
from concordat.marketplace.rules.narrower import conditions_of


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
    """Change a draft, or answer what the supplier asked when they returned it.

    Conditions were set on what was asked, so they end when that changes.
    """
    if set(CLAUSES) & set(values):
        values = {**values, "conditions": {}}
    return act(actor, SHARE_REQUEST["edit"], request, values, expected=expected)


def narrow_request(
    actor: Actor,
    request: ShareRequest,
    values: Mapping[str, Any],
    *,
    note: str = "",
    expected: int | None = None,
) -> ShareRequest:
    """Offer less than was asked: `values` of `CLAUSES`, in place of any conditions set before.

    What is left out stays as it was asked; `rows` come on top of those asked for. Raises Invalid
    for what would give more.
    """

    def narrow(row: ShareRequest) -> None:
        row.conditions = conditions_of(row.asked(), values)

    return act(actor, SHARE_REQUEST["narrow"], request, narrow, note=note, expected=expected)


def accept_request(
    actor: Actor, request: ShareRequest, *, note: str = "", expected: int | None = None
) -> Agreement:
    """Say yes: the request is accepted and its agreement drafted, together or not at all."""
    with transaction.atomic():
        accepted = act(actor, SHARE_REQUEST["accept"], request, note=note, expected=expected)
        return draft_agreement(actor, accepted)
