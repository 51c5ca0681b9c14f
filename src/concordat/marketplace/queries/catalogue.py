"""Datasets, data services and distributions, as the actor may see them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Prefetch, QuerySet

from concordat.kernel.access import Actor
from concordat.kernel.deeds.act import offered
from concordat.kernel.organisations.models import Organisation
from concordat.kernel.refusals import NotVisible, Unknown
from concordat.marketplace.models import DataService, Dataset, Distribution
from concordat.marketplace.policy import Can
from concordat.tables.queries import tables


def datasets(actor: Actor) -> QuerySet[Dataset]:
    """The datasets the actor may know of, last changed first."""
    return Dataset.objects.visible_to(actor).select_related("owner").order_by("-modified_at", "-id")


def dataset(actor: Actor, reference: str) -> Dataset:
    """One dataset. Raises NotVisible."""
    found = datasets(actor).filter(reference=reference).first()
    if found is None:
        raise NotVisible
    return found


def data_services(actor: Actor) -> QuerySet[DataService]:
    """The data services the actor may know of, last changed first."""
    return (
        DataService.objects.visible_to(actor)
        .select_related("owner")
        .order_by("-modified_at", "-id")
    )


def data_service(actor: Actor, reference: str) -> DataService:
    """One data service. Raises NotVisible."""
    found = data_services(actor).filter(reference=reference).first()
    if found is None:
        raise NotVisible
    return found


def served(actor: Actor, by: DataService) -> QuerySet[Dataset]:
    """The datasets that a data service gives, of those the actor may know of."""
    return Dataset.objects.visible_to(actor).filter(services=by).order_by("title", "id")


def datasets_named(actor: Actor, references: Iterable[str], field: str) -> list[Dataset]:
    """The datasets that `field` refers to. Raises Unknown for those the actor cannot see."""
    wanted = list(dict.fromkeys(references))
    found = {row.reference: row for row in datasets(actor).filter(reference__in=wanted)}
    if missing := [reference for reference in wanted if reference not in found]:
        says = f"There is no dataset {', '.join(missing)[:300]} that you can see."
        raise Unknown({field: [says]})
    return [found[reference] for reference in wanted]


def distributions(actor: Actor, of: Dataset) -> QuerySet[Distribution]:
    """The listed distributions of a dataset, with the tables behind them."""
    known = Dataset.objects.visible_to(actor).filter(pk=of.pk)  # one row, not all that are visible
    found = Distribution.objects.filter(dataset__in=known).listed()
    return found.select_related("table__latest", "dataset")


def can_be_asked_for(actor: Actor, of: Dataset) -> bool:
    """Whether a table with rows is stored behind one of its forms: only that can be asked for."""
    return (
        distributions(actor, of).filter(table__latest__isnull=False, table__status="ready").exists()
    )


def distribution(actor: Actor, of: Dataset, pk: int) -> Distribution:
    """One distribution of a dataset. Raises NotVisible."""
    found = distributions(actor, of).filter(pk=pk).first()
    if found is None:
        raise NotVisible
    return found


def drafting_bodies(actor: Actor) -> QuerySet[Organisation]:
    """The organisations in whose name the actor may draft datasets."""
    bodies = actor.bodies(Can.DATASET_DRAFT)
    return Organisation.objects.visible_to(actor).filter(pk__in=bodies)


def may_describe(actor: Actor, found: Dataset) -> bool:
    """Whether the actor may change a dataset's description and distributions now."""
    described = {t.verb for t in offered(actor, found)}
    return bool({"edit", "amend"} & described)


def stored_columns(actor: Actor, found: Dataset) -> list[dict[str, Any]]:
    """Name and type of each column of the tables behind a dataset, each name once."""
    columns: dict[str, dict[str, Any]] = {}
    for listed in distributions(actor, found):
        latest = listed.table.latest if listed.table else None
        for column in latest.columns if latest else []:
            told = {"name": column["name"], "type": column["type"]}
            columns.setdefault(column["name"].casefold(), told)
    return list(columns.values())


def all_distributions(actor: Actor, dataset: str | None = None) -> QuerySet[Distribution]:
    """The listed distributions of every dataset the actor may see, or of the one so referred to.

    The stored table behind one is there only where the actor may see that too.
    """
    found = Distribution.objects.visible_to(actor).listed().select_related("dataset")
    found = found.prefetch_related(Prefetch("table", tables(actor)))
    return found.filter(dataset__reference=dataset) if dataset else found
