"""What an evaluation is asked for as a whole."""

from __future__ import annotations

from typing import Any

from django import forms

from concordat.evaluations.models import Evaluation
from concordat.kernel.doors.forms import Form, ModelForm, offer_bodies
from concordat.kernel.organisations.models import Organisation
from concordat.kernel.people.models import Person
from concordat.kernel.reference.fields import Lines


class StartForm(ModelForm):
    """What an entry begins with."""

    owner = forms.ModelChoiceField(
        Organisation.objects.none(),
        label="Which body leads it?",
        error_messages={"required": "Select the body that leads it"},
    )

    class Meta:
        model = Evaluation
        fields = ("title",)

    def __init__(self, *args: Any, bodies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_bodies(self, bodies)


class DescriptionForm(ModelForm):
    """What an evaluation is, in one page."""

    partners = Lines(
        label="Other bodies that take part",
        help_text="As their addresses name them, such as hm-treasury, one a line",
        required=False,
    )
    projects = Lines(
        label="Major projects that it evaluates",
        help_text="Their numbers in the major projects portfolio, such as MOD_0106_1617-Q1, one a line",
        required=False,
    )
    approver = forms.ModelChoiceField(
        Person.objects.none(), label="Who signs it off?", required=False
    )

    class Meta:
        model = Evaluation
        fields = Evaluation.FIELDS

    def __init__(self, *args: Any, approvers: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["approver"].queryset = approvers  # type: ignore[attr-defined]


class AmendmentForm(Form):
    """Why what is published changes."""

    note = forms.CharField(
        label="Why does it change?",
        widget=forms.Textarea,
        max_length=4000,
        help_text="Everyone can read it beside the change",
        error_messages={"required": "Enter why it changes"},
    )
    slip = forms.BooleanField(
        label="This corrects a slip of the pen, and changes nothing that was meant",
        required=False,
    )


class PublishForm(Form):
    """When it opens."""

    opens_on = forms.DateField(
        label="Open it to everyone from",
        required=False,
        help_text="Leave it empty to open it at once. Until that day nobody outside can know of it",
    )


class WithdrawForm(Form):
    """What takes its place."""

    successor = forms.CharField(
        label="Reference of the evaluation that takes its place",
        required=False,
        max_length=12,
        help_text="Such as EV-7K2M-41",
    )


class TransferForm(Form):
    """Who leads it from now on."""

    owner = forms.CharField(
        label="Which body leads it from now on?",
        max_length=255,
        help_text="As its address names it, such as hm-treasury",
        error_messages={"required": "Enter the body that leads it from now on"},
    )


class EditorsForm(Form):
    """Who else edits this one."""

    editors = Lines(
        label="Who else may edit this evaluation?",
        help_text="Their e-mail addresses, one a line. They need an account, and no role",
        required=False,
    )
