"""The marketplace's reads. The first argument is the actor, always."""

from concordat.marketplace.queries.agreements import (
    agreement,
    agreements,
    odrl,
    register,
    register_entry,
    uses_by_supplier,
)
from concordat.marketplace.queries.catalogue import (
    all_distributions,
    can_be_asked_for,
    data_service,
    data_services,
    dataset,
    datasets,
    datasets_named,
    distribution,
    distributions,
    drafting_bodies,
    may_describe,
    served,
    stored_columns,
)
from concordat.marketplace.queries.requests import (
    asking_bodies,
    request,
    requests,
    return_note,
    waiting_for,
)

__all__ = [
    "agreement",
    "agreements",
    "all_distributions",
    "asking_bodies",
    "can_be_asked_for",
    "data_service",
    "data_services",
    "dataset",
    "datasets",
    "datasets_named",
    "distribution",
    "distributions",
    "drafting_bodies",
    "may_describe",
    "odrl",
    "register",
    "register_entry",
    "request",
    "requests",
    "return_note",
    "served",
    "stored_columns",
    "uses_by_supplier",
    "waiting_for",
]
