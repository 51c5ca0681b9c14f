"""The marketplace's nouns."""

from concordat.marketplace.models.agreement import Agreement
from concordat.marketplace.models.catalogue import DataService, Dataset, Distribution
from concordat.marketplace.models.request import ShareRequest

__all__ = ["Agreement", "DataService", "Dataset", "Distribution", "ShareRequest"]
