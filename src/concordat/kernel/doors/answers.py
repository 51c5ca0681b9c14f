"""Answers as people read them back: labels of choices, not their codes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms

from concordat.kernel.doors.formats import shown

if TYPE_CHECKING:
    from concordat.kernel.doors.journeys import Step


@dataclass(frozen=True)
class Line:
    """One line of “check your answers”."""

    name: str
    label: str
    value: str
    change: str


def lines(step: Step, form: forms.Form, answers: dict[str, Any], change: str) -> list[Line]:
    """The lines for one step; a step with one field is labelled with its question."""
    if step.summarise:
        return [Line(step.name, label, value, change) for label, value in step.summarise(answers)]
    fields = [bound for bound in form if not bound.is_hidden]
    return [
        Line(
            bound.name,
            step.title if len(fields) == 1 else str(bound.label),
            answer(form, bound.name),
            change,
        )
        for bound in fields
    ]


def answer(form: forms.BaseForm, name: str) -> str:
    """The clean value of a field in words."""
    value, field = form.cleaned_data.get(name), form.fields[name]
    choices = getattr(field, "choices", None)
    if choices is None or isinstance(field, forms.ModelChoiceField):
        return shown(value)
    labels = dict(_flat(choices))
    if isinstance(value, list | tuple | set):
        return shown([labels.get(str(v), str(v)) for v in value])
    return labels.get(str(value), shown(value)) if value not in (None, "") else shown(None)


def _flat(choices: Any) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for value, label in choices:
        found += _flat(label) if isinstance(label, list | tuple) else [(str(value), str(label))]
    return found
