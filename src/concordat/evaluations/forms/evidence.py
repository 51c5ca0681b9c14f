"""What is asked of an assessment, criterion by criterion, and of a finding."""

from __future__ import annotations

from functools import cache
from typing import Any

from django import forms

from concordat.evaluations.models import Assessment, Finding
from concordat.evaluations.rules.evidence.scales import SCALES
from concordat.kernel.doors.forms import Form, ModelForm


@cache
def assessment_form(scale: str) -> type[Form]:
    """The checklist of a scale: radios for each criterion, every one of them needed, and remarks."""
    asked: dict[str, Any] = {
        criterion.code: forms.ChoiceField(
            label=criterion.question,
            help_text=criterion.hint,
            choices=[(option.code, option.label) for option in criterion.options],
            widget=forms.RadioSelect,
        )
        for criterion in SCALES[scale].criteria
    }
    remarks = Assessment._meta.get_field("remarks")
    asked["remarks"] = forms.CharField(
        label="Remarks",
        help_text=str(remarks.help_text),
        widget=forms.Textarea,
        max_length=remarks.max_length,
        required=False,
    )
    return type(f"{scale.title()}Form", (_Checklist,), asked)


class _Checklist(Form):
    def values(self) -> dict[str, Any]:
        """The answers, and the remarks beside them."""
        answers = dict(self.cleaned_data)
        return {"remarks": answers.pop("remarks"), "answers": answers}


class FindingForm(ModelForm):
    """One finding, of an outcome of the plan or of another."""

    outcome_id = forms.ChoiceField(
        label="Which outcome of the plan?",
        required=False,
        help_text="Leave it empty for one that the plan does not have",
    )

    class Meta:
        model = Finding
        fields = Finding.FIELDS

    def __init__(self, *args: Any, outcomes: Any, reports: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["report"].queryset = reports  # type: ignore[attr-defined]
        choices = [("", ""), *((item["id"], item.get("name", item["id"])) for item in outcomes)]
        self.fields["outcome_id"].choices = choices  # type: ignore[attr-defined]
        self.fields["outcome"].required = False
        self.fields["outcome"].help_text = "Leave it empty to name it as the plan does"
        for name in ("estimate", "interval_low", "interval_high", "interval_level", "p_value"):
            self.fields[name].error_messages["invalid"] = "Enter a number, such as 0.21"

    def clean(self) -> dict[str, Any]:
        """An outcome that is none of the plan's needs a name."""
        cleaned = super().clean() or {}
        if not cleaned.get("outcome") and not cleaned.get("outcome_id"):
            self.add_error("outcome", "Enter the name of the outcome")
        return cleaned


class ChangeForm(FindingForm):
    """The same, with why it is stated otherwise."""

    note = forms.CharField(
        label="Why does it change?",
        widget=forms.Textarea,
        max_length=4000,
        required=False,
        help_text="It is kept beside the change",
    )
