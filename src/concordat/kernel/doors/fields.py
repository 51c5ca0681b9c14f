"""The fields of a record as label and value, from what its model says of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import ManyToManyField, Model
from django.utils.text import capfirst

from concordat.kernel.reference.fields import Words


def rows_of(record: Model, names: Iterable[str], *, empty: bool = True) -> list[tuple[str, Any]]:
    """Label and value of each field named, in that order; `empty` keeps those without a value."""
    found = [(label_of(record, name), value_of(record, name)) for name in names]
    return [(label, value) for label, value in found if empty or value not in ("", None, [])]


def label_of(model: Model | type[Model], name: str) -> str:
    """What the model calls a field, with a capital."""
    try:
        label = str(getattr(model._meta.get_field(name), "verbose_name", name))
    except FieldDoesNotExist:  # a property, or a field of an older version
        label = name.replace("_", " ")
    return str(capfirst(label))


def value_of(record: Model, name: str) -> Any:
    """The value of a field as a reader wants it: labels for codes, names for records."""
    try:
        field = record._meta.get_field(name)
    except FieldDoesNotExist:
        return getattr(record, name)
    if isinstance(field, ManyToManyField):
        return [str(each) for each in getattr(record, name).all()]
    value = getattr(record, name)
    if isinstance(field, Words):
        return field.shown(value)
    if getattr(field, "choices", None):
        return getattr(record, f"get_{name}_display")()
    return str(value) if isinstance(value, Model) else value


def words_of(model: Model | type[Model], name: str, value: Any) -> Any:
    """A value that a field once had, as a reader wants it: the labels that its codes have now."""
    try:
        field = model._meta.get_field(name)
    except FieldDoesNotExist:
        return value
    if value in (None, "", []):
        return value
    if isinstance(field, Words):
        return field.shown(value)
    named = dict(getattr(field, "flatchoices", None) or ())
    return named.get(value, value) if isinstance(value, str | int) else value
