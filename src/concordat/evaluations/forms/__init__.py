"""What pages ask about evaluations."""

from __future__ import annotations

from concordat.evaluations.forms.evaluations import (
    AmendmentForm,
    DescriptionForm,
    EditorsForm,
    PublishForm,
    StartForm,
    TransferForm,
    WithdrawForm,
)
from concordat.evaluations.forms.moments import MomentField
from concordat.evaluations.forms.sections import DatesForm, HidingForm, section_form

__all__ = [
    "AmendmentForm",
    "DatesForm",
    "DescriptionForm",
    "EditorsForm",
    "HidingForm",
    "MomentField",
    "PublishForm",
    "StartForm",
    "TransferForm",
    "WithdrawForm",
    "section_form",
]
