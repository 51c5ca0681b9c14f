"""Which fields a page asks for. The rules are the models' own."""

from __future__ import annotations

from typing import Any

from django import forms

from concordat.kernel.doors.forms import Form, ModelForm
from concordat.kernel.organisations.models import Organisation
from concordat.kernel.reference.fields import Lines
from concordat.marketplace.models import DataService, Dataset, Distribution, ShareRequest
from concordat.tables.plane.profile import told


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


class TableStep(ModelForm):
    """Which table."""

    class Meta:
        model = ShareRequest
        fields = ("distribution",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.draft: ShareRequest = kwargs.pop("draft")
        super().__init__(*args, **kwargs)
        field = self.fields["distribution"]
        field.required = True
        field.label = "Which table do you need?"
        field.help_text = ""
        field.error_messages["required"] = "Select the table that you need"
        field.queryset = Distribution.objects.filter(  # type: ignore[attr-defined]
            dataset=self.draft.dataset,
            status="listed",
            table__latest__isnull=False,
            table__status="ready",
        )


class _Draft(ModelForm):
    """A step that needs nothing of the draft but takes it like the others."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.draft: ShareRequest = kwargs.pop("draft")
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.required = True


class PurposeStep(_Draft):
    """What for."""

    class Meta:
        model = ShareRequest
        fields = ("title", "purpose", "benefit")
        labels = {
            "title": "Name of the project",
            "purpose": "What will you do with the data?",
            "benefit": "Who benefits, and how?",
        }


class ColumnsStep(_Draft):
    """Which columns and rows."""

    columns = forms.MultipleChoiceField(
        label="Which columns?",
        error_messages={"required": "Select the columns you ask for"},
        help_text="Ask for no more than you need",
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = ShareRequest
        fields = ("columns", "rows")
        labels = {"rows": "Which rows?"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stored = self.draft.stored_columns() or []
        described = {
            str(c["name"]).casefold(): c.get("description", "")
            for c in self.draft.dataset.dictionary
        }
        self.fields["columns"].choices = [  # type: ignore[attr-defined]
            (c["name"], _offered(c, described.get(c["name"].casefold(), ""))) for c in stored
        ]
        self.fields["rows"].required = False
        named = next((c["name"] for c in stored if c["type"] == "text"), "organisation")
        plain = named.replace("_", "").isalnum() and not named[0].isdigit()
        self.fields["rows"].help_text = (
            f"Leave it empty for all of them, or write a condition, such as"
            f" {named if plain else chr(34) + named + chr(34)} in ('A', 'B')"
        )


def _offered(column: dict[str, Any], description: str) -> str:
    """A column as whoever asks for it reads it: what it means, and what it is found to hold."""
    about = f"{column['name']} ({', '.join(filter(None, [column['type'], told(column)]))})"
    return f"{about}: {description}" if description else about


class DataTypesStep(_Draft):
    """Is it personal?"""

    class Meta:
        model = ShareRequest
        fields = ("data_types",)
        labels = {"data_types": "Is the data about people?"}


class LawStep(_Draft):
    """Under which law."""

    class Meta:
        model = ShareRequest
        fields = ("legal_power", "legal_gateway", "lawful_bases", "special_conditions")
        labels = {"legal_power": "Which power lets you ask for this?"}
        help_texts = {
            "legal_gateway": "The law that lets the data be passed on, or that none is needed",
            "lawful_bases": "Needed if the data is personal (UK GDPR Article 6)",
            "special_conditions": "Needed if the data is special category (UK GDPR Article 9)",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("lawful_bases", "special_conditions"):
            self.fields[name].required = False


class TimeStep(_Draft):
    """For how long."""

    class Meta:
        model = ShareRequest
        fields = ("starts_on", "ends_on", "disposal")
        labels = {
            "starts_on": "From",
            "ends_on": "Until",
            "disposal": "How will copies be destroyed at the end?",
        }
        help_texts = {
            "starts_on": "The first day on which the data is delivered",
            "ends_on": "The last day, five years later at most",
        }
        error_messages = {
            "starts_on": {"required": "Enter the day from which you need it"},
            "ends_on": {"required": "Enter the last day on which you need it"},
        }
