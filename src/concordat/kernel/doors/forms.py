"""Forms as GOV.UK asks questions: dates in three boxes, plain messages, nothing forgotten.

Inherit `Form` or `ModelForm` from here in place of Django's.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError

from concordat.kernel import refusals

PARTS: Final = ("day", "month", "year")
_ASKING: Final = ("who", "how", "what", "which", "when", "where", "whether")
_DETERMINED: Final = ("the", "a", "an", "your", "any", *_ASKING)


class DateParts(forms.Widget):
    """Three boxes: day, month, year. A single ISO value under the field's own name works too."""

    input_type = "date-parts"
    needs_multipart_form = False

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        """(day, month, year) as typed, or an ISO text, or None when nothing was typed."""
        typed = tuple(str(data.get(f"{name}_{part}") or "").strip() for part in PARTS)
        return typed if any(typed) else data.get(name) or None

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        """True when none of the boxes was sent."""
        return not any(key in data for key in (name, *(f"{name}_{part}" for part in PARTS)))

    def boxes(self, value: Any) -> tuple[str, str, str]:
        """What each box shows for a date, for text, or for what somebody typed before."""
        if isinstance(value, str):
            try:
                value = date.fromisoformat(value)
            except ValueError:
                return ("", "", value)
        if isinstance(value, date):
            return (str(value.day), str(value.month), str(value.year))
        return tuple(value) if isinstance(value, tuple) and len(value) == 3 else ("", "", "")


class DateField(forms.DateField):
    """A date from three boxes; messages name the box that is wrong (`wrong_parts`)."""

    widget = DateParts

    def to_python(self, value: Any) -> date | None:
        """The date.

        Raises ValidationError naming what is missing, or that there is no such day.
        """
        if not isinstance(value, tuple):
            return super().to_python(value)
        missing = [part for part, typed in zip(PARTS, value, strict=True) if not typed]
        name = _subject(self.label)
        if missing:
            raise ValidationError(f"{name} must include a {' and '.join(missing)}", "incomplete")
        try:
            day, month, year = (int(v) if v.isascii() and len(v) <= 4 else 0 for v in value)
            if year < 1000:
                raise ValidationError("Year must include 4 numbers", "year")
            return date(year, month, day)
        except ValueError:
            raise ValidationError(f"{name} must be a real date", "invalid") from None

    def has_changed(self, initial: Any, data: Any) -> bool:
        """True when another date was typed."""
        try:
            return bool(self.to_python(data) != self.to_python(initial))
        except ValidationError:
            return True


def wrong_parts(value: Any, code: str) -> tuple[str, ...]:
    """Which boxes an error points at: those left empty, the year, or all."""
    if code == "incomplete" and isinstance(value, tuple):
        return tuple(part for part, typed in zip(PARTS, value, strict=True) if not typed)
    return ("year",) if code == "year" else PARTS


class Plain:
    """Turns Django's fields into ours: dates in boxes, messages in plain words."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, found in list(self.fields.items()):
            label = found.label if found.label is not None else name.replace("_", " ").capitalize()
            if type(found) is forms.DateField and isinstance(found.widget, forms.DateInput):
                self.fields[name] = found = DateField(
                    required=found.required,
                    label=label,
                    help_text=found.help_text,
                    initial=found.initial,
                    disabled=found.disabled,
                    validators=found.validators,
                    error_messages={"required": found.error_messages["required"]},
                )
            found.label = label
            _say_plainly(found)


class Form(Plain, forms.Form):
    """A form that GOV.UK's components can show."""


class ModelForm(Plain, forms.ModelForm):  # type: ignore[type-arg]
    """The same over some of a model's fields.

    It checks what was typed and hands `cleaned_data` to an action; it is never saved.
    """

    def _post_clean(self) -> None:
        """Leave the model's own rules to the deed, which runs them on the locked row."""

    def save(self, commit: bool = True) -> Any:
        """Refused: only actions write."""
        raise TypeError("hand cleaned_data to an action; a form writes nothing")


def offer_bodies(form: forms.BaseForm, bodies: Any) -> None:
    """The organisations that a form's `owner` may be; where there is one alone, it is chosen."""
    field = form.fields["owner"]
    field.queryset = bodies  # type: ignore[attr-defined]
    if len(bodies) == 1:
        field.initial = bodies[0]


def _subject(label: object) -> str:
    return str(label or "Date").rstrip("?")


def _say_plainly(found: forms.Field) -> None:
    """Replace “This field is required” with what to do, unless the form says it better itself."""
    stock = "This field is required."
    if str(found.error_messages.get("required", "")) != stock:
        return
    found.error_messages["required"] = _what_to_do(found)


def _what_to_do(found: forms.Field) -> str:
    """What to do about a question left empty, naming it: “Enter the title”, “Select a licence”."""
    if isinstance(found, forms.FileField):
        return "Select a file"
    if isinstance(found, forms.BooleanField):
        return "Tick the box to go on"
    verb = "Select" if isinstance(found, forms.ChoiceField) else "Enter"
    label = str(found.label or "")
    if label.endswith("?"):  # turned into an order it reads oddly: the form's own words are better
        return f"{verb} an answer to “{label}”"
    acronym = label[:2].isalpha() and label[:2].isupper()
    lower = label if acronym else label[:1].lower() + label[1:]
    if lower.split(" ", 1)[0] in _DETERMINED:
        return f"{verb} {lower}"
    if verb == "Enter":
        return f"Enter the {lower}"
    several = isinstance(found, forms.MultipleChoiceField)
    return f"Select {'' if several else 'an ' if lower[:1] in 'aeiou' else 'a '}{lower}"


def add_errors(form: forms.BaseForm, refusal: refusals.Invalid) -> None:
    """Show a refusal's messages beside the fields they are about; the rest above the form."""
    for name, found in refusal.errors.items():
        for message in found:
            if name in form.fields:
                form.add_error(name, message)
            else:
                label = name.replace("_", " ").capitalize()
                form.add_error(None, f"{label}: {message}" if name else message)
