"""What datasets, data services and distributions are asked for."""

from __future__ import annotations

from typing import Any

from django import forms

from concordat.kernel.doors.forms import Form, ModelForm
from concordat.kernel.organisations.models import Organisation
from concordat.kernel.reference.fields import Lines
from concordat.marketplace.models import DataService, Dataset, Distribution


class OwnerForm(Form):
    """In whose name."""

    owner = forms.ModelChoiceField(
        Organisation.objects.none(),
        label="In whose name?",
        error_messages={"required": "Select the organisation in whose name"},
    )

    def __init__(self, *args: Any, bodies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["owner"]
        field.queryset = bodies  # type: ignore[attr-defined]
        if len(bodies) == 1:
            field.initial = bodies[0]


class ResourceForm(ModelForm):
    """What datasets and data services are both asked for."""

    creators = Lines(
        label="Organisations that created it",
        help_text="As their addresses name them, such as hm-treasury, one a line. "
        "Leave it empty for the publisher alone.",
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("contact_name", "contact_email", "modified_on"):
            # Only what was harvested may be silent about these.
            self.fields[name].required = not self.instance.source


class DatasetForm(ResourceForm):
    """What a dataset is."""

    class Meta:
        model = Dataset
        fields = Dataset.FIELDS


class DataServiceForm(ResourceForm):
    """What a data service is."""

    serves = Lines(
        label="Datasets that it gives",
        help_text="References such as DS-7K2M-41, one a line",
        required=False,
    )

    class Meta:
        model = DataService
        fields = DataService.FIELDS


class ColumnForm(Form):
    """One column of a data dictionary; left without a name, it is taken out."""

    name = forms.CharField(max_length=255, required=False, label="Name")
    type = forms.CharField(
        max_length=100, required=False, label="Type", help_text="Such as text, integer or date"
    )
    description = forms.CharField(max_length=2000, required=False, label="What it means")
    unit = forms.CharField(max_length=100, required=False, label="Unit")
    personal = forms.BooleanField(required=False, label="It is about people")


class DistributionForm(ModelForm):
    """One form in which a dataset can be had."""

    class Meta:
        model = Distribution
        fields = (*Distribution.FIELDS, "table")

    def __init__(self, *args: Any, tables: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["table"].queryset = tables  # type: ignore[attr-defined]
        self.fields["table"].label = "Stored table behind it"
