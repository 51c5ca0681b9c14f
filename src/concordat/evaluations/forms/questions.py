"""What pages ask about questions and what answers them."""

from __future__ import annotations

from typing import Any, Final

from django import forms

from concordat.evaluations.models import Question
from concordat.evaluations.models.question import RELATIONS
from concordat.kernel.doors.forms import Form, ModelForm, offer_bodies
from concordat.kernel.organisations.models import Organisation

MOST_BYTES: Final = 4 * 1024 * 1024
_REFERENCE: Final = "Such as {}-7K2M-41"


def _bodies(label: str) -> forms.ModelChoiceField[Organisation]:
    return forms.ModelChoiceField(
        Organisation.objects.none(),
        label=label,
        error_messages={"required": "Select a body"},
    )


class QuestionForm(ModelForm):
    """What is asked."""

    class Meta:
        model = Question
        fields = Question.FIELDS
        labels = {"text": "What do you want to know?", "asked_on": "When was it asked?"}
        error_messages = {"text": {"required": "Enter what you want to know"}}


class AskForm(QuestionForm):
    """What is asked, and by which body."""

    owner = _bodies("Which body asks?")

    def __init__(self, *args: Any, bodies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_bodies(self, bodies)


class AnswerForm(Form):
    """What is known."""

    note = forms.CharField(
        label="What is known now?",
        widget=forms.Textarea,
        max_length=4000,
        help_text="Everyone can read it beside the question",
        error_messages={"required": "Enter what is known now"},
    )


class LoadForm(Form):
    """A file of questions."""

    file = forms.FileField(
        label="The file",
        help_text=(
            "A CSV whose first row names the columns: Agency Abbreviation, QuestionID, Question and "
            "Tags. One row a question, commas between its tags"
        ),
    )
    source = forms.SlugField(
        label="A short name for where they come from",
        max_length=64,
        help_text="Such as learning-agenda-2026. A file sent again under that name changes what differs",
    )
    agenda = forms.CharField(label="The name of the agenda", max_length=255, required=False)
    agenda_url = forms.URLField(label="Its address", max_length=2000, required=False)

    def clean_file(self) -> Any:
        """The file, if it is small enough."""
        sent = self.cleaned_data["file"]
        if sent.size > MOST_BYTES:
            raise forms.ValidationError("The file must be smaller than 4 MB. Send it in parts")
        return sent


class LinkForm(Form):
    """What an evaluation does for a question, and in whose name it is said. `other` is the end that
    is asked for: “question” or “evaluation”."""

    relation = forms.ChoiceField(
        label="What does the evaluation do for the question?",
        choices=list(RELATIONS.items()),
        widget=forms.RadioSelect,
        error_messages={"required": "Select whether it answers the question or bears on it"},
    )
    owner = _bodies("In whose name do you say so?")

    def __init__(self, *args: Any, other: str, bodies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        prefix = {"question": "QU", "evaluation": "EV"}[other]
        self.fields[other] = forms.CharField(
            label=f"Reference of the {other}",
            max_length=12,
            help_text=_REFERENCE.format(prefix),
            error_messages={"required": f"Enter the reference of the {other}"},
        )
        self.order_fields([other, "relation", "owner"])
        offer_bodies(self, bodies)
