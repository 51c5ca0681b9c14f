"""What is asked of an exemption, and of why results are late."""

from __future__ import annotations

from typing import Any

from concordat.evaluations.models import Escalation, Exemption
from concordat.kernel.doors.forms import ModelForm


class ExemptionForm(ModelForm):
    """Why, and until when."""

    class Meta:
        model = Exemption
        fields = Exemption.FIELDS


class LatenessForm(ModelForm):
    """Why results are late, and whether that holds the reminders."""

    class Meta:
        model = Escalation
        fields = Escalation.FIELDS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, says in (
            ("ground", "Select why it is late"),
            ("reason", "Enter the reason"),
        ):
            self.fields[name].required = True
            self.fields[name].error_messages["required"] = says
