"""Lists read as plain values: a row schema that shows columns alone needs no objects in between.

Neither model nor schema is built for each row, and no column is read that is not shown. Such a list
is three times as cheap as one by way of both (docs/benchmarks.md).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.http import HttpResponse
from ninja.responses import NinjaJSONEncoder

from concordat.kernel.doors.schemas import Out

Shape = dict[str, Any]  # a field's name → the path of its column, or the shape inside it


def shape_of(schema: type[Out], model: type[models.Model], before: str = "") -> Shape | None:
    """How a row of this schema is made of columns of `model`; None where a field is anything else."""
    made: Shape = {}
    for name, told in schema.model_fields.items():
        field = _column(model, name)
        if field is None or told.alias or hasattr(schema, f"resolve_{name}"):
            return None
        inner: Any = f"{before}{name}"
        if isinstance(field, models.ForeignKey):
            if field.null or not _is_schema(told.annotation):
                return None
            inner = shape_of(told.annotation, field.related_model, f"{inner}__")  # type: ignore[arg-type]
        if inner is None:
            return None
        made[name] = inner
    return made


def _column(model: type[models.Model], name: str) -> models.Field[Any, Any] | None:
    """The field of that name, where what is stored is what is shown."""
    try:
        field = model._meta.get_field(name)
    except FieldDoesNotExist:
        return None
    plain = isinstance(field, models.Field) and field.concrete and not field.many_to_many
    return field if plain and not isinstance(field, models.FileField) else None  # type: ignore[return-value]


def _is_schema(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Out)


def as_values(
    rows: models.QuerySet[Any], shape: Shape, order: Sequence[str]
) -> models.QuerySet[Any, dict[str, Any]]:
    """The rows as values by path: those of the shape, and those that the order goes by."""
    ordered = (name.removeprefix("-") for name in order)
    return rows.prefetch_related(None).values(*dict.fromkeys([*_paths(shape), *ordered]))


def _paths(shape: Shape) -> Iterator[str]:
    for inner in shape.values():
        if isinstance(inner, str):
            yield inner
        else:
            yield from _paths(inner)


def shaped(row: Mapping[str, Any], shape: Shape) -> dict[str, Any]:
    """One row as the schema says it."""
    return {
        name: row[inner] if isinstance(inner, str) else shaped(row, inner)
        for name, inner in shape.items()
    }


def as_json(body: dict[str, Any]) -> HttpResponse:
    """The answer, encoded as the API encodes every other."""
    text = json.dumps(body, cls=NinjaJSONEncoder)
    return HttpResponse(text, content_type="application/json; charset=utf-8")
