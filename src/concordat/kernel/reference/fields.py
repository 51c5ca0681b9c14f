"""Fields of a model that hold words and codes: each knows its form, its limits and its labels.

To the database they are what they are built on, so that no migration follows a codelist about.
"""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import capfirst

from concordat.kernel.reference import codelist
from concordat.kernel.text import can_be_seen, hidden_character

MOST_ITEMS: Final = 200


class Lines(forms.CharField):
    """A list, typed one item a line."""

    widget = forms.Textarea

    def prepare_value(self, value: Any) -> Any:
        """The list as lines."""
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        """The lines as a list, empty ones left out."""
        text = super().clean(value) or ""
        return [line.strip() for line in text.splitlines() if line.strip()]


def list_errors(items: Any, longest: int = 500) -> list[str]:
    """What is wrong with a list of short lines; an empty list when nothing is."""
    if not isinstance(items, list):
        return ["This must be a list."]
    if len(items) > MOST_ITEMS:
        return [f"Give {MOST_ITEMS} or fewer."]
    errors = []
    for number, item in enumerate(items, 1):
        if not isinstance(item, str) or not can_be_seen(item):
            errors.append(f"Item {number} must be text.")
        elif len(item) > longest:
            errors.append(f"Item {number} must be {longest} characters or fewer.")
        elif found := hidden_character(item):
            errors.append(f"Item {number} holds the hidden character U+{ord(found):04X}.")
    return errors


class Words(models.JSONField):
    """A list of short plain lines, each of at most `longest` characters."""

    empty_values: tuple[Any, ...] = ([],)  # an empty object is no list

    def __init__(self, *args: Any, longest: int = 500, **options: Any) -> None:
        self.longest = longest
        super().__init__(*args, **{"default": list, "blank": True, **options})

    def deconstruct(self) -> Any:
        """As the JSON field that it is to the database."""
        name, _, args, options = super().deconstruct()
        return name, "django.db.models.JSONField", args, options

    def validate(self, value: Any, model_instance: models.Model | None) -> None:
        """Refuse what is no list of short plain lines."""
        super().validate(value, model_instance)
        if found := list_errors(value, self.longest):
            raise ValidationError(found)

    def formfield(self, **options: Any) -> Any:
        """A box with one item a line."""
        told = str(options.get("help_text", self.help_text)) or "One a line"
        return Lines(label=self._asked(options), help_text=told, required=not self.blank)

    def _asked(self, options: dict[str, Any]) -> str:
        return str(options.get("label") or capfirst(self.verbose_name))

    def shown(self, value: Any) -> Any:
        """What a page shows for a value."""
        return value


class Named(Words):
    """Short plain words by name, such as what is done to each column. A form of its own asks it."""

    empty_values = ({},)  # an empty list names nothing either, but is no object

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"default": dict, **options})

    def validate(self, value: Any, model_instance: models.Model | None) -> None:
        """Refuse what is no object of short plain words."""
        models.JSONField.validate(self, value, model_instance)
        if not isinstance(value, dict):
            raise ValidationError(["This must be an object of words by name."])
        if found := [*list_errors(list(value)), *list_errors(list(value.values()), self.longest)]:
            raise ValidationError(found)

    def formfield(self, **options: Any) -> Any:
        """None: no one box asks for names and words."""
        return None

    def shown(self, value: Any) -> Any:
        """Each name with its words."""
        return [f"{name}: {words}" for name, words in value.items()]


class Codes(Words):
    """A list of codes of a codelist. `strict` refuses any other; what is harvested may hold some."""

    def __init__(self, *args: Any, of: str = "", strict: bool = True, **options: Any) -> None:
        self.of = of
        self.strict = strict
        super().__init__(*args, **options)

    def validate(self, value: Any, model_instance: models.Model | None) -> None:
        """Refuse what is no list of codes."""
        super().validate(value, model_instance)
        known = codelist(self.of)
        unknown = [code for code in value if code not in known] if self.strict else []
        if unknown:
            raise ValidationError([f"“{c[:60]}” is not one of the choices." for c in unknown])

    def formfield(self, **options: Any) -> Any:
        """A box to tick for each code."""
        return forms.MultipleChoiceField(
            label=self._asked(options),
            help_text=str(options.get("help_text", self.help_text)),
            choices=codelist(self.of).choices,
            widget=forms.CheckboxSelectMultiple,
            required=not self.blank,
        )

    def shown(self, value: Any) -> Any:
        """The label of each code."""
        return [codelist(self.of).label(code) for code in value]
