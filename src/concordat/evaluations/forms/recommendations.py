"""What pages ask about recommendations."""

from __future__ import annotations

from typing import Any

from django import forms

from concordat.evaluations.models import Recommendation
from concordat.evaluations.rules.recommendations import RESPONSES
from concordat.kernel.doors.forms import Form, ModelForm


class RecommendationEditForm(ModelForm):
    """What is recommended."""

    class Meta:
        model = Recommendation
        fields = ("text", "response_due")
        labels = {"text": "What is recommended?", "response_due": "When is a response due?"}
        error_messages = {"text": {"required": "Enter what is recommended"}}


class RecommendationForm(RecommendationEditForm):
    """What is recommended, and to whom."""

    addressee = forms.CharField(
        label="Which body is it for?",
        required=False,
        max_length=255,
        help_text="As its address names it, such as hm-treasury. Leave it empty for the lead body",
    )


class ResponseForm(ModelForm):
    """Whether it is accepted, and why."""

    response = forms.ChoiceField(
        label="Is the recommendation accepted?",
        choices=list(RESPONSES.items()),
        widget=forms.RadioSelect,
        error_messages={"required": "Select whether it is accepted"},
    )

    class Meta:
        model = Recommendation
        fields = ("response", "response_text", "responded_by")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["response_text"].required = True


class FinishForm(Form):
    """What came of it."""

    changed = forms.CharField(
        label="What changed?",
        widget=forms.Textarea,
        max_length=4000,
        error_messages={"required": "Enter what changed"},
    )
    done_on = forms.DateField(
        label="When was it done?", required=False, help_text="Leave it empty for today"
    )
