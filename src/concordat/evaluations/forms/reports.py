"""What a report is asked for."""

from __future__ import annotations

from typing import Any

from django import forms

from concordat.evaluations.forms.moments import MomentField
from concordat.evaluations.models import Report
from concordat.kernel.doors.forms import Form, ModelForm

_DATE = "For example, 27 3 2027. Leave out the day if you do not know it"


class ReportForm(ModelForm):
    """What a report is."""

    signed_off_on = MomentField(label="When was it signed off?", required=False, help_text=_DATE)
    published_on = MomentField(label="When was it published?", required=False, help_text=_DATE)

    class Meta:
        model = Report
        fields = Report.FIELDS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kinds"].required = True
        self.fields["kinds"].error_messages["required"] = "Select what it is"


class PublishReportForm(Form):
    """Where it is, and since when."""

    url = forms.URLField(
        label="Address at which it is published", max_length=2000, assume_scheme="https"
    )
    published_on = MomentField(
        label="When was it published?",
        help_text=_DATE,
        error_messages={"required": "Enter when it was published"},
    )
