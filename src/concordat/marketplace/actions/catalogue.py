"""Drafting and editing datasets, data services and distributions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from concordat.kernel.access import Actor
from concordat.kernel.deeds import act
from concordat.kernel.organisations.models import Organisation
from concordat.marketplace.lifecycle import DATA_SERVICE, DATASET, DISTRIBUTION
from concordat.marketplace.models import DataService, Dataset, Distribution


def draft_dataset(actor: Actor, owner: Organisation, values: Mapping[str, Any]) -> Dataset:
    """A new dataset of `owner`, unseen by anyone else."""
    values = {"creators": [owner], **values}
    return act(actor, DATASET["draft"], Dataset(owner=owner), values)


def edit_dataset(
    actor: Actor, dataset: Dataset, values: Mapping[str, Any], expected: int | None = None
) -> Dataset:
    """Change a draft."""
    return act(actor, DATASET["edit"], dataset, values, expected=expected)


def amend_dataset(
    actor: Actor,
    dataset: Dataset,
    values: Mapping[str, Any],
    *,
    note: str = "",
    expected: int | None = None,
) -> Dataset:
    """Change what is published, saying why."""
    return act(actor, DATASET["amend"], dataset, values, note=note, expected=expected)


def draft_data_service(actor: Actor, owner: Organisation, values: Mapping[str, Any]) -> DataService:
    """A new data service of `owner`."""
    values = {"creators": [owner], **values}
    return act(actor, DATA_SERVICE["draft"], DataService(owner=owner), values)


def edit_data_service(
    actor: Actor, service: DataService, values: Mapping[str, Any], expected: int | None = None
) -> DataService:
    """Change a draft."""
    values = _with_unseen(actor, service, values)
    return act(actor, DATA_SERVICE["edit"], service, values, expected=expected)


def amend_data_service(
    actor: Actor,
    service: DataService,
    values: Mapping[str, Any],
    *,
    note: str = "",
    expected: int | None = None,
) -> DataService:
    """Change what is published, saying why."""
    values = _with_unseen(actor, service, values)
    return act(actor, DATA_SERVICE["amend"], service, values, note=note, expected=expected)


def _with_unseen(
    actor: Actor, service: DataService, values: Mapping[str, Any]
) -> Mapping[str, Any]:
    """The values, with the datasets that the service gives and the actor cannot see: nobody takes
    away what they do not know of."""
    if "serves" not in values:
        return values
    known = Dataset.objects.visible_to(actor)
    unseen = service.serves.exclude(pk__in=known.values("pk"))
    return {**values, "serves": [*values["serves"], *unseen]}


def add_distribution(actor: Actor, dataset: Dataset, values: Mapping[str, Any]) -> Distribution:
    """One more form in which the dataset can be had."""
    return act(actor, DISTRIBUTION["draft"], Distribution(dataset=dataset), values)


def edit_distribution(
    actor: Actor, distribution: Distribution, values: Mapping[str, Any], expected: int | None = None
) -> Distribution:
    """Change how a distribution is described."""
    return act(actor, DISTRIBUTION["edit"], distribution, values, expected=expected)


def remove_distribution(
    actor: Actor, distribution: Distribution, expected: int | None = None
) -> Distribution:
    """Take a distribution off the list; agreements over its table go on."""
    return act(actor, DISTRIBUTION["remove"], distribution, expected=expected)
