"""What is asked for when a file of evaluations is brought in."""

from __future__ import annotations

import json
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError

from concordat.evaluations.feeds.known import FORMS
from concordat.evaluations.queries.bodies import LEFT_OUT
from concordat.kernel.doors.forms import Form, offer_bodies
from concordat.kernel.organisations.models import Organisation

_MOST_JSON: Final = 5 * 1024 * 1024
_HOW: Final = [("check", "Check it: nothing is changed"), ("bring", "Bring it in")]


class SendForm(Form):
    """A file, and for which body."""

    owner = forms.ModelChoiceField(
        Organisation.objects.none(),
        label="Which body leads these evaluations?",
        error_messages={"required": "Select the body that leads them"},
    )
    file = forms.FileField(
        label="File",
        help_text="The workbook as .xlsx or CSV, or the template as CSV",
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
        error_messages={"required": "Select a file"},
    )

    def __init__(self, *args: Any, bodies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_bodies(self, bodies)


class BringForm(Form):
    """Which body each unknown name is, and whether the file is only checked."""

    how = forms.ChoiceField(
        label="What is to be done?",
        choices=_HOW,
        widget=forms.RadioSelect,
        initial="check",
        error_messages={"required": "Select what is to be done"},
    )

    def __init__(self, *args: Any, unknown: dict[str, list[str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.names = {f"name_{n}": name for n, name in enumerate(unknown)}
        for field, name in self.names.items():
            close = ", ".join(unknown[name])
            help_text = "As its address names it, such as hm-treasury; - if it is no body. "
            help_text += f"Close to: {close}." if close else "No body has a name like it."
            help_text += " Leave it empty to let its rows wait."
            label = f"Which body is “{name}”?"
            self.fields[field] = forms.CharField(
                label=label, help_text=help_text, required=False, max_length=255
            )
        self.order_fields([*self.names, "how"])

    def clean(self) -> dict[str, Any]:
        """Every slug is that of a body."""
        cleaned = super().clean() or {}
        said = {f: cleaned[f].strip() for f in self.names if cleaned.get(f, "").strip()}
        known = set(
            Organisation.objects.filter(slug__in=said.values()).values_list("slug", flat=True)
        )
        for field, slug in said.items():
            if slug not in known and slug != LEFT_OUT:
                self.add_error(field, f"Enter the address of a body: there is no “{slug}”")
        return cleaned

    def chosen(self) -> dict[str, str]:
        """What was said of each name."""
        told = ((self.names[f], self.cleaned_data[f].strip()) for f in self.names)
        return {name: slug for name, slug in told if slug}


class AnswersForm(Form):
    """Answers to a foreign registration form."""

    owner = forms.ModelChoiceField(
        Organisation.objects.none(),
        label="Which body leads it?",
        error_messages={"required": "Select the body that leads it"},
    )
    form = forms.ChoiceField(
        label="Which form was answered?",
        choices=[
            ("", ""),
            *((key, label) for key, (label, _, _) in FORMS.items()),
            ("other", "Another"),
        ],
        error_messages={"required": "Select the form that was answered"},
    )
    title = forms.CharField(
        label="Title of the evaluation",
        help_text="If the form asks for none",
        required=False,
        max_length=1024,
    )
    answers = forms.FileField(
        label="Answers, as JSON",
        help_text="An object with an answer for each question’s key, as the other register exports it",
        widget=forms.FileInput(attrs={"accept": ".json"}),
        error_messages={"required": "Select the file of answers"},
    )
    template = forms.FileField(
        label="The form itself, as JSON",
        help_text="So that answers without a place here are shown with their questions",
        widget=forms.FileInput(attrs={"accept": ".json"}),
        required=False,
    )

    def __init__(self, *args: Any, bodies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_bodies(self, bodies)

    def clean_answers(self) -> Any:
        """The answers as JSON reads them."""
        return _json(self.cleaned_data["answers"])

    def clean_template(self) -> Any:
        """The form as JSON reads it; None where it was not sent."""
        sent = self.cleaned_data.get("template")
        return _json(sent) if sent else None


def _json(sent: Any) -> Any:
    if sent.size > _MOST_JSON:
        raise ValidationError("Select a file of 5 MB or less")
    try:
        return json.loads(sent.read())
    except (ValueError, RecursionError):
        raise ValidationError("Select a file of JSON: this is none") from None
