"""Which fields a page asks for. The rules are the models' own."""

from __future__ import annotations

from concordat.marketplace.forms.catalogue import (
    ColumnForm,
    DataServiceForm,
    DatasetForm,
    DistributionForm,
    OwnerForm,
    ResourceForm,
)
from concordat.marketplace.forms.requests import (
    ColumnsStep,
    ConditionsForm,
    DataTypesStep,
    ExactStep,
    LawStep,
    PurposeStep,
    TableStep,
    TimeStep,
    WhoStep,
)

__all__ = [
    "ColumnForm",
    "ColumnsStep",
    "ConditionsForm",
    "DataServiceForm",
    "DataTypesStep",
    "DatasetForm",
    "DistributionForm",
    "ExactStep",
    "LawStep",
    "OwnerForm",
    "PurposeStep",
    "ResourceForm",
    "TableStep",
    "TimeStep",
    "WhoStep",
]
