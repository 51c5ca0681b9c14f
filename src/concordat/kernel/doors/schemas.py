"""What the API takes and shows: strict, bounded, and derived from the models where it can be.

Rules for what comes in: nothing extra, no value of another JSON type, no text with NUL or lone
surrogates, every text and number bounded. What goes out is an allow-list of named fields.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Final, Literal, get_args, get_origin

from django.core.exceptions import FieldDoesNotExist
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from ninja import Path, Schema
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    create_model,
    model_validator,
)
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError

from concordat.kernel.reference import codelist
from concordat.kernel.reference.fields import MOST_ITEMS, Codes, Named, Words
from concordat.kernel.text import LINE_PATTERN, TEXT_PATTERN, check_line, check_text

MOST_TEXT: Final = 100_000
MOST_ID: Final = 2**63 - 1
_DEPTH: Final = 20
_NO_NUL: Final = r"^[^\u0000]*$"

Id = Annotated[int, Path(ge=1, le=MOST_ID)]
Reference = Annotated[str, Path(pattern=r"^[A-Z]{2,4}-[0-9A-Z]{4}-[0-9A-Z]{2}$", max_length=12)]
Slug = Annotated[str, Path(pattern=r"^[-a-zA-Z0-9_]+$", max_length=255)]


_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")


def _day(value: Any) -> Any:
    if isinstance(value, str) and not _DAY.fullmatch(value):
        raise ValueError("Write a day like 2026-11-24.")
    return value


Day = Annotated[date, BeforeValidator(_day)]


class In(BaseModel):
    """The base of every schema of a request's body."""

    model_config = ConfigDict(extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _careful(cls, data: Any) -> Any:
        """Refuse what JSON libraries and databases would quietly bend or choke on."""
        if isinstance(data, dict):
            for name, value in data.items():
                known = cls.model_fields.get(name)
                try:
                    _refuse_bad_text([name, value])
                    _refuse_other_type(value, known.annotation if known else None)
                except ValueError as error:
                    about = {"says": str(error), "field": name if known else ""}
                    raise PydanticCustomError("careful", "{says}", about) from None
        return data

    @classmethod
    def __get_pydantic_json_schema__(cls, core: Any, handler: Any) -> Any:
        """Say in the description of the API what the base refuses, so that clients need not try."""
        schema = handler(core)
        for part in _strings(handler.resolve_ref_schema(schema)):
            part.setdefault("maxLength", MOST_TEXT)
            if not {"format", "pattern", "enum", "const"} & set(part):
                part["pattern"] = _NO_NUL
        return schema


def _strings(part: Any) -> list[dict[str, Any]]:
    """Every schema of a text inside a schema."""
    if isinstance(part, list):
        return [found for item in part for found in _strings(item)]
    if not isinstance(part, dict):
        return []
    found = [part] if part.get("type") == "string" else []
    for key in ("properties", "items", "anyOf", "allOf", "additionalProperties"):
        inner = part.get(key)
        found += _strings(list(inner.values()) if key == "properties" and inner else inner)
    return found


def _refuse_bad_text(value: Any, depth: int = 0) -> None:
    if isinstance(value, str):
        if len(value) > MOST_TEXT:
            raise ValueError(f"Use {MOST_TEXT:,} characters or fewer.")
        if "\x00" in value or any("\ud800" <= c <= "\udfff" for c in value):
            raise ValueError("Text may not hold NUL or half a character.")
    elif isinstance(value, dict | list):
        if depth > _DEPTH:
            raise ValueError(f"Nest values no deeper than {_DEPTH}.")
        inside = [*value.keys(), *value.values()] if isinstance(value, dict) else value
        for item in inside:
            _refuse_bad_text(item, depth + 1)


def _refuse_other_type(value: Any, annotation: Any) -> None:
    """Refuse "12" or true for a number, 1 for a truth, 0 for a date; 12.0 is a whole number."""
    kind = _plain_type(annotation)
    if isinstance(kind, list):
        for item in value if isinstance(value, list) else ():
            _refuse_other_type(item, kind[0])
        return
    if value is None or kind is None:
        return
    numeric = isinstance(value, int | float) and not isinstance(value, bool)
    if kind in (int, float) and not numeric:
        raise ValueError("A number is needed here, not text.")
    if kind is bool and not isinstance(value, bool):
        raise ValueError("true or false is needed here.")
    if kind in (date, datetime) and not isinstance(value, str):
        raise ValueError("A date is written as text, such as 2026-11-24.")


def _plain_type(annotation: Any) -> Any:
    """The one plain type an annotation asks for, [type] for a list, None where there is no one."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return _plain_type(get_args(annotation)[0])
    if origin is list:
        return [get_args(annotation)[0]]
    if origin is not None:
        several = [a for a in get_args(annotation) if a is not type(None)]
        return _plain_type(several[0]) if len(several) == 1 and origin is not Literal else None
    return annotation if annotation in (int, float, bool, date, datetime) else None


class Out(Schema):
    """The base of every schema of an answer: name each field that may be shown."""


class Owner(Out):
    """An organisation, as records name it."""

    slug: str
    name: str


class RecordOut(Out):
    """What every record shows of itself, whatever its kind."""

    reference: str
    status: str
    visibility: int
    version: int
    owner: Owner
    turn: str
    due_at: datetime | None
    created_at: datetime
    modified_at: datetime


class Offers(Out):
    """The verbs that the asker may take now."""

    can: list[str]

    @staticmethod
    def resolve_can(record: Any, context: Any) -> list[str]:
        """The verbs on offer: what the page shows as buttons."""
        from concordat.kernel.deeds.act import offered

        return [t.verb for t in offered(context["request"].actor, record)]


class RecordDetail(Offers, RecordOut):
    """What every record shows, with the verbs that the asker may take now."""


class SubjectOut(Out):
    """What a subject that is no record shows of itself."""

    id: int
    status: str
    version: int
    created_at: datetime
    modified_at: datetime


def inputs(
    name: str,
    model: type[models.Model],
    fields: Iterable[str],
    *,
    partial: bool = False,
    **more: Any,
) -> type[In]:
    """A schema of some of a model's fields, with the model's own limits and choices.

    A foreign key is taken as `<name>_id`. `partial` makes every field optional, as an edit needs.
    `more` adds or replaces fields, as pydantic's `create_model` takes them.
    """
    made: dict[str, Any] = {}
    for field in fields:
        found = model._meta.get_field(field)
        attribute = found.attname if isinstance(found, models.ForeignKey) else field
        made[attribute] = _taken(found, partial=partial)
    return create_model(name, __base__=In, __module__=model.__module__, **{**made, **more})


def outputs(
    name: str,
    model: type[models.Model],
    fields: Iterable[str],
    base: type[Out] = Out,
    **more: tuple[Any, Any],
) -> Any:
    """A schema that shows some of a model's fields beside those of `base`.

    `more` adds or replaces fields, as pydantic's `create_model` takes them.
    """
    made: dict[str, Any] = {}
    for field in fields:
        try:
            kind = _shown(model._meta.get_field(field))
        except FieldDoesNotExist:  # a property of the model
            kind = Any
        made[field] = (kind, ...)
    return create_model(name, __base__=base, __module__=model.__module__, **{**made, **more})


def _taken(field: Any, *, partial: bool) -> tuple[Any, FieldInfo]:
    kind, limits = _kind(field), _limits(field)
    if field.choices:
        values = [value for value, _ in field.flatchoices]
        kind, limits = Literal[tuple([*values, ""] if field.blank and kind is str else values)], {}
    if isinstance(field, Words):
        return _listed(field, partial=partial)
    if isinstance(field, models.ManyToManyField):
        kind, limits = list[Annotated[int, Field(ge=1, le=MOST_ID)]], {"max_length": 1000}
    if field.null:
        kind = kind | None
    needed = not (partial or field.blank or field.null or field.has_default())
    about = str(field.help_text) or None
    told: Any = {"json_schema_extra": extra} if (extra := _format(field)) else {}
    if needed:
        return kind, Field(..., description=about, **limits, **told)
    return kind, Field(None, description=about, **limits, **told)


def _listed(field: Words, *, partial: bool) -> tuple[Any, FieldInfo]:
    """A list of words or of codes, or words by name."""
    shape: dict[str, Any] = {"pattern": LINE_PATTERN}
    item: Any = Annotated[
        str, Field(min_length=1, max_length=field.longest, json_schema_extra=shape)
    ]
    if isinstance(field, Codes) and field.strict:
        item = Literal[tuple(codelist(field.of))]
    limits: Any = {"description": str(field.help_text) or None, "max_length": MOST_ITEMS}
    kind = dict[str, item] if isinstance(field, Named) else list[item]
    if partial:
        return kind | None, Field(None, **limits)
    return kind, Field(default_factory=field.default, **limits)


def _format(field: Any) -> dict[str, Any]:
    """What the model asks of a text, in the words of JSON Schema: told, and checked by the model."""
    if isinstance(field, models.EmailField):
        return {"format": "email"}
    if isinstance(field, models.URLField):
        return {"format": "uri"} if not field.blank else {}
    if check_line in field.validators:
        return {"pattern": LINE_PATTERN}
    if check_text in field.validators:
        return {"pattern": TEXT_PATTERN}
    for validator in field.validators:
        text = getattr(getattr(validator, "regex", None), "pattern", "")
        if type(validator) is RegexValidator and "\\" not in text and "(?" not in text:
            return {"pattern": text}
    return {}


_KINDS: Final[tuple[tuple[type[models.Field[Any, Any]], Any], ...]] = (
    (models.BooleanField, bool),
    (models.IntegerField, int),
    (models.ForeignKey, int),
    (models.FloatField, float),
    (models.DecimalField, Decimal),
    (models.DateTimeField, datetime),
    (models.DateField, date),
    (models.CharField, str),
    (models.TextField, str),
    (Named, dict[str, str]),
    (Words, list[str]),
)


def _kind(field: Any) -> Any:
    return next((kind for of, kind in _KINDS if isinstance(field, of)), Any)


def _limits(field: Any) -> dict[str, Any]:
    kind = _kind(field)
    if kind is str:
        least = {} if field.blank else {"min_length": 1}
        return {"max_length": field.max_length or MOST_TEXT, **least}
    if isinstance(field, models.ForeignKey):
        return {"ge": 1, "le": MOST_ID}
    if kind is Decimal:
        return {"max_digits": field.max_digits, "decimal_places": field.decimal_places}
    if kind is not int:
        return {}
    big = isinstance(field, models.BigIntegerField | models.PositiveBigIntegerField)
    most = MOST_ID if big else 2**31 - 1
    limits = {"ge": 0 if "Positive" in type(field).__name__ else -most - 1, "le": most}
    for validator in field.validators:
        if isinstance(validator, MinValueValidator) and not callable(validator.limit_value):
            limits["ge"] = max(limits["ge"], validator.limit_value)
        if isinstance(validator, MaxValueValidator) and not callable(validator.limit_value):
            limits["le"] = min(limits["le"], validator.limit_value)
    return limits


def _shown(field: Any) -> Any:
    kind = _kind(field)
    return kind | None if field.null and kind is not Any else kind
