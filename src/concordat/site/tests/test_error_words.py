"""Every question that a page asks says well what to do when it was left empty."""

from __future__ import annotations

import importlib
from collections.abc import Iterator

import pytest
from django import forms

from concordat.kernel.doors.forms import Plain

SAID_WELL = ("Enter ", "Select ", "Tick ")


def _forms(under: type = Plain) -> Iterator[type[forms.BaseForm]]:
    importlib.import_module("concordat.site.urls")
    importlib.import_module("concordat.site.signin_forms")
    for found in under.__subclasses__():
        if found.__module__.startswith("concordat.") and ".tests." not in found.__module__:
            yield found
            yield from _forms(found)
        elif found.__module__ == "concordat.kernel.doors.forms":
            yield from _forms(found)


def _asked() -> list[tuple[str, type[forms.BaseForm], str]]:
    return [
        (f"{form.__name__}.{name}", form, name)
        for form in dict.fromkeys(_forms())
        for name, field in getattr(form, "base_fields", {}).items()
        if str(field.label or "").endswith("?") and field.required
    ]


def test_there_are_questions_to_look_at():
    assert len(_asked()) > 8


@pytest.mark.parametrize(
    ("where", "form", "name"), _asked(), ids=lambda v: v if isinstance(v, str) else ""
)
def test_a_label_that_is_a_question_has_its_own_message(where, form, name):
    message = str(form.base_fields[name].error_messages["required"])
    assert message.startswith(SAID_WELL), f"{where} says only: {message}"
