"""Lists read as plain values are what they would be by way of models and schemas."""

from __future__ import annotations

import json

from concordat.kernel.doors.schemas import RecordDetail
from concordat.kernel.doors.values import as_json, as_values, shape_of, shaped
from concordat.marketplace import schemas
from concordat.marketplace.models import Agreement, Dataset, ShareRequest


def test_a_row_of_columns_is_read_as_the_schema_would_show_it(dataset):
    shape = shape_of(schemas.DatasetRow, Dataset)
    assert shape and shape["owner"] == {"slug": "owner__slug", "name": "owner__name"}
    (row,) = as_values(Dataset.objects.all(), shape, ("-id",))
    assert set(row) == {*schemas.DatasetRow.model_fields, "owner__slug", "owner__name", "id"} - {
        "owner"
    }
    read = json.loads(as_json(shaped(row, shape)).content)
    by_schema = schemas.DatasetRow.from_orm(Dataset.objects.get()).dict()
    assert read == json.loads(as_json(by_schema).content)


def test_a_field_that_is_worked_out_needs_the_model():
    assert shape_of(schemas.RequestRow, ShareRequest) is None
    assert shape_of(RecordDetail, Dataset) is None
    assert shape_of(schemas.AgreementRow, Agreement)
