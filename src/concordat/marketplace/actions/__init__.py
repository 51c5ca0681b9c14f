"""The marketplace's verbs: the only writer of its records.

`perform` does any verb of a record's lifecycle. Verbs with consequences of their own have a
function; the others are plain transitions.
"""

from __future__ import annotations

from concordat.marketplace.actions.agreements import (
    close_agreement,
    countersign,
    expire_agreements,
    revoke_agreement,
    sign,
)
from concordat.marketplace.actions.catalogue import (
    add_distribution,
    amend_data_service,
    amend_dataset,
    draft_data_service,
    draft_dataset,
    edit_data_service,
    edit_dataset,
    edit_distribution,
    remove_distribution,
)
from concordat.marketplace.actions.harvest import Harvest, harvest
from concordat.marketplace.actions.perform import perform
from concordat.marketplace.actions.requests import (
    accept_request,
    draft_request,
    edit_request,
    narrow_request,
)

__all__ = [
    "Harvest",
    "accept_request",
    "add_distribution",
    "amend_data_service",
    "amend_dataset",
    "close_agreement",
    "countersign",
    "draft_data_service",
    "draft_dataset",
    "draft_request",
    "edit_data_service",
    "edit_dataset",
    "edit_distribution",
    "edit_request",
    "expire_agreements",
    "harvest",
    "narrow_request",
    "perform",
    "remove_distribution",
    "revoke_agreement",
    "sign",
]
