"""The steps of registering an evaluation: under ten facts, one thing a page."""

from __future__ import annotations

from typing import Any

from django import forms

from concordat.evaluations.forms.moments import MomentField
from concordat.evaluations.models import Evaluation
from concordat.evaluations.rules.happenings import KINDS
from concordat.kernel.doors.forms import ModelForm
from concordat.kernel.people.models import Person
from concordat.kernel.reference import codelist


class _Draft(ModelForm):
    """A step over the draft, which it shows as it is."""

    def __init__(self, *args: Any, draft: Evaluation, approvers: Any, **kwargs: Any) -> None:
        self.draft, self.approvers = draft, approvers
        super().__init__(*args, instance=draft, **kwargs)


class WhatStep(_Draft):
    """What is evaluated."""

    class Meta:
        model = Evaluation
        fields = ("title", "summary", "plain_summary")
        labels = {"title": "Title of the evaluation", "summary": "What is evaluated?"}
        help_texts = {"plain_summary": "As you would tell it to somebody who knows nothing of it"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["summary"].required = True


class KindStep(_Draft):
    """Of which type."""

    class Meta:
        model = Evaluation
        fields = ("types",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["types"].label = "Which types of evaluation?"
        self.fields["types"].required = True
        self.fields["types"].error_messages["required"] = "Select at least one type"


class MethodsStep(_Draft):
    """How: the designs and methods of the types that were chosen."""

    class Meta:
        model = Evaluation
        fields = ("designs",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["designs"]
        rows = codelist("evaluation_designs").rows.values()
        groups = {row["parent"] for row in rows if row["parent"]}
        field.choices = [
            (row["code"], row["label"])
            for row in rows
            if row["type"] in self.draft.types and row["code"] not in groups
        ]
        field.required = True
        field.error_messages["required"] = "Select at least one design or method"


class TopicsStep(_Draft):
    """About what."""

    class Meta:
        model = Evaluation
        fields = ("topics",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["topics"].required = True
        self.fields["topics"].error_messages["required"] = "Select at least one topic"


class DatesStep(_Draft):
    """When: the three dates that everybody asks about. `DATED` says which event each box is."""

    DATED = {"first_data": "first_data", "ends": "end", "publication": "publication"}

    first_data = MomentField(
        label="When are the first data collected?",
        error_messages={"required": "Enter when the first data are collected"},
    )
    first_data_kind = forms.ChoiceField(
        label="Is that intended, or has it happened?",
        choices=list(KINDS.items()),
        widget=forms.RadioSelect,
        error_messages={"required": "Select whether data collection is intended or has begun"},
    )
    ends = MomentField(
        label="When is it planned to end?",
        error_messages={"required": "Enter when it is planned to end"},
    )
    publication = MomentField(
        label="When are the results to be published?",
        error_messages={"required": "Enter when the results are to be published"},
    )

    class Meta:
        model = Evaluation
        fields = ("access_class",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("first_data", "ends", "publication"):
            self.fields[
                name
            ].help_text = "For example, 27 3 2027. Leave out the day if you do not know it"
        self.fields["access_class"].widget = forms.RadioSelect(
            choices=codelist("data_access").choices
        )
        self.order_fields(["first_data", "first_data_kind", "access_class", "ends", "publication"])


class WhoStep(_Draft):
    """Who answers for it."""

    approver = forms.ModelChoiceField(
        Person.objects.none(),
        label="Who signs it off?",
        help_text="Somebody else than whoever submits it",
        error_messages={"required": "Select who signs it off"},
    )

    class Meta:
        model = Evaluation
        fields = ("contact_name", "contact_email", "approver")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["approver"].queryset = self.approvers  # type: ignore[attr-defined]
        for name in ("contact_name", "contact_email"):
            self.fields[name].required = True
