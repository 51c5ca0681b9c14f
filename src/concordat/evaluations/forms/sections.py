"""A form for each section of a plan, made from the table that says what a plan may hold."""

from __future__ import annotations

from functools import cache
from typing import Any

from django import forms

from concordat.evaluations.forms.moments import MomentField
from concordat.evaluations.rules.facts import Fact, Section
from concordat.evaluations.rules.happenings import KINDS
from concordat.evaluations.rules.sections import SECTIONS
from concordat.evaluations.rules.versions import COMPLETION
from concordat.kernel.doors.forms import Form
from concordat.kernel.reference import codelist


@cache
def section_form(section: Section) -> type[Form]:
    """The form that asks for one section, or for one thing of its list; nothing is required but the
    name of a thing."""
    fields = {fact.name: _field(fact) for fact in section.facts}
    if section.many:
        fields[section.facts[0].name].required = True
    return type(f"{section.name.title().replace('_', '')}Form", (_SectionForm,), fields)


class _SectionForm(Form):
    def clean(self) -> dict[str, Any]:
        """What was typed, with what is empty left out."""
        cleaned = super().clean() or {}
        return {name: value for name, value in cleaned.items() if value not in (None, "", [])}


def _field(fact: Fact) -> forms.Field:
    told: dict[str, Any] = {"label": fact.label, "help_text": fact.hint, "required": False}
    match fact.kind:
        case "choice" | "yes":
            choices = list(fact.choices)
            return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **told)
        case "choices":
            box = forms.CheckboxSelectMultiple
            return forms.MultipleChoiceField(choices=list(fact.choices), widget=box, **told)
        case "moment":
            return MomentField(**told)
        case "whole":
            return forms.IntegerField(min_value=0, max_value=10**12, **told)
        case "text":
            return forms.CharField(widget=forms.Textarea, max_length=fact.most, **told)
        case _:
            return forms.CharField(max_length=fact.most, **told)


class DatesForm(Form):
    """One dated event."""

    event = forms.ChoiceField(
        label="What happens?", error_messages={"required": "Select what happens"}
    )
    on = MomentField(
        label="When?",
        help_text="For example, 27 3 2027. Leave out the day if you do not know it",
        error_messages={"required": "Enter the date"},
    )
    kind = forms.ChoiceField(
        label="Is that intended, or did it happen?",
        widget=forms.RadioSelect,
        choices=list(KINDS.items()),
        error_messages={"required": "Select whether the date is intended or actual"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        events = codelist("evaluation_events").choices
        self.fields["event"].choices = [("", ""), *events]  # type: ignore[attr-defined]


class HidingForm(Form):
    """A part of the plan that stays closed for a while."""

    path = forms.ChoiceField(
        label="Which part of the plan?",
        error_messages={"required": "Select the part of the plan"},
    )
    until = MomentField(
        label="Until when?",
        required=False,
        help_text="Leave it empty to hide it until the evaluation is complete",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = [("", "")]
        for section in SECTIONS:
            found.append((section.name, section.title))
            if not section.many:
                found += [
                    (f"{section.name}.{fact.name}", f"{section.title}: {fact.label}")
                    for fact in section.facts
                ]
        self.fields["path"].choices = found  # type: ignore[attr-defined]

    def clean_until(self) -> str:
        """The date, or completion."""
        return str(self.cleaned_data.get("until") or COMPLETION)
