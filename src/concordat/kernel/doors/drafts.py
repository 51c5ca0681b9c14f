"""A journey whose answers live in a draft's own fields, so that a script and a page edit one thing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict

from concordat.kernel.doors.forms import PARTS
from concordat.kernel.doors.journeys import Journey, Raw, Store


def draft_store(
    journey: Journey,
    *,
    options: Mapping[str, Any],
    value: Callable[[str, forms.Field], Any],
    write: Callable[[dict[str, Any]], None],
) -> Store:
    """Where a journey over a draft keeps its answers.

    `value(name, field)` is what the draft holds for a field, as a form sends it; `write(changed)`
    puts clean answers into the draft. A step of which the draft holds nothing is not answered; its
    form may name, as `answered_by`, the field that says so where all the others have defaults.
    """

    def load() -> Raw:
        sent = {step.name: _sent(step.form(**options), value) for step in journey.steps}
        return {name: told for name, told in sent.items() if told}

    def save(raw: Raw) -> None:
        held, changed = load(), dict[str, Any]()
        for step in journey.steps:
            if step.name in raw and raw[step.name] != held.get(step.name):
                form = step.form(data=MultiValueDict(raw[step.name]), **options)
                if form.is_valid():
                    changed.update(form.cleaned_data)
        if changed:
            write(changed)

    return Store(load, save)


def _sent(form: forms.Form, value: Callable[[str, forms.Field], Any]) -> dict[str, list[str]]:
    """The draft's values as the form would send them; nothing when all are empty."""
    told = getattr(form, "answered_by", "")
    if told and value(told, form.fields[told]) in (None, "", []):
        return {}
    found: dict[str, list[str]] = {}
    for name, field in form.fields.items():
        kept = value(name, field)
        if kept in (None, "", []):
            continue
        if isinstance(kept, date):
            found |= {f"{name}_{part}": [str(getattr(kept, part))] for part in PARTS}
        else:
            found[name] = [str(each) for each in kept] if isinstance(kept, list) else [str(kept)]
    return found
