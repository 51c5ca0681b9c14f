"""The steps of asking for data, and the supplier's page of conditions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from concordat.kernel.doors.forms import Form, ModelForm
from concordat.kernel.reference import codelist
from concordat.kernel.reference.fields import Lines
from concordat.marketplace.models import Distribution, ShareRequest
from concordat.marketplace.rules.clauses import fits, mask_from, mask_label, named
from concordat.marketplace.rules.narrower import coarser, no_wider
from concordat.tables.plane.columns import Column, find
from concordat.tables.plane.profile import told

EXACT = "exact"  # as a form sends it: no mask


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
    """A step over the draft, which it shows as it is.

    `answered_by` names the field whose answer says that a step was taken, where it may leave all
    else empty.
    """

    answered_by = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.draft: ShareRequest = kwargs.pop("draft")
        super().__init__(*args, instance=self.draft, **kwargs)
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


def mask_field(column: Column, kept: str, offered: Iterable[str]) -> forms.ChoiceField:
    """What is done to a column, of the masks in `offered`; `kept` is what stands now."""
    words = [word for word in offered if word in ("", EXACT) or fits(column, word)]
    if kept and kept not in words:  # one that a program wrote, with an amount of its own
        words.append(kept)
    choices = [(word, mask_label(column.name, "" if word == EXACT else word)) for word in words]
    return forms.ChoiceField(
        choices=choices, label=f"How exact: {column.name}", initial=kept or words[0]
    )


def _offered(column: dict[str, Any], description: str) -> str:
    """A column as whoever asks for it reads it: what it means, and what it is found to hold."""
    about = f"{column['name']} ({', '.join(filter(None, [column['type'], told(column)]))})"
    return f"{about}: {description}" if description else about


def masks_of(form: forms.BaseForm, columns: list[Column]) -> dict[str, str]:
    """The masks that were chosen, by column."""
    chosen = {c.name: form.cleaned_data.get(f"mask_{n}", EXACT) for n, c in enumerate(columns)}
    return {name: words for name, words in chosen.items() if words != EXACT}


def _sampled(stored: list[Column]) -> forms.ChoiceField:
    """By which column a sample is drawn, if one is."""
    kinds = ("text", "integer", "date")
    choices = [("", "No sample: every row")]
    choices += [(c.name, c.name) for c in stored if c.type in kinds]
    return forms.ChoiceField(
        choices=choices,
        label="A sample by",
        required=False,
        help_text="All rows of a value are in the sample or none, in every version",
    )


class ExactStep(_Draft):
    """How exact: a select for each column that is asked for, a sample, rows or totals."""

    answered_by = "gives"

    class Meta:
        model = ShareRequest
        fields = ("masks", "sample_by", "sample_percent", "gives", "minimum_cell")
        widgets = {"gives": forms.RadioSelect}
        labels = {
            "sample_percent": "How many in a hundred?",
            "gives": "Rows or totals?",
            "minimum_cell": "Smallest group in a total",
        }
        help_texts = {
            "sample_percent": "Needed if you ask for a sample",
            "gives": "With totals alone you see no row of the table",
            "minimum_cell": "Ten unless you ask for more",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stored = [Column.from_data(column) for column in self.draft.stored_columns() or []]
        found = [find(stored, name) for name in self.draft.columns]
        self.asked = [column for column in found if column is not None]
        masks = {}
        for number, column in enumerate(self.asked):
            kept = named(self.draft.masks, column.name)
            masks[f"mask_{number}"] = mask_field(column, kept, [EXACT, *codelist("masks")])
        self.fields["sample_by"] = _sampled(stored)
        for name in ("sample_percent", "minimum_cell"):
            self.fields[name].required = False
        self.fields = {**masks, **self.fields}

    def clean(self) -> dict[str, Any]:
        """With the selects as one answer, by column."""
        super().clean()
        return {**self.cleaned_data, "masks": masks_of(self, self.asked)}


class WhoStep(_Draft):
    """Which versions, who reads them, and from where."""

    answered_by = "versions"

    class Meta:
        model = ShareRequest
        fields = ("versions", "people", "networks")
        widgets = {"versions": forms.RadioSelect}
        labels = {
            "versions": "Which versions of the table?",
            "people": "Who alone may read it?",
            "networks": "From which networks alone?",
        }
        help_texts = {
            "versions": "",  # the label says it
            "people": "E-mail addresses, one a line. Leave it empty for everybody who may read "
            "tables for your organisation, and for its programs.",
            "networks": "Such as 192.0.2.0/24, one a line. Leave it empty for any.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("people", "networks"):
            self.fields[name].required = False


class ConditionsForm(Form):
    """What the supplier offers: the clauses as they were asked, or less."""

    columns = forms.MultipleChoiceField(
        label="Which columns?",
        error_messages={"required": "Select at least one column, or reject the request"},
        widget=forms.CheckboxSelectMultiple,
    )
    rows = forms.CharField(
        label="Of the rows asked for, only those where",
        required=False,
        max_length=4000,
        widget=forms.Textarea,
        help_text="A condition on top of what was asked; empty for none",
    )
    sample_percent = forms.IntegerField(
        label="How many in a hundred?", required=False, min_value=1, max_value=99
    )
    gives = forms.ChoiceField(
        label="Rows or totals?",
        widget=forms.RadioSelect,
        error_messages={"required": "Select rows or totals"},
    )
    minimum_cell = forms.IntegerField(
        label="Smallest group in a total",
        required=False,
        min_value=1,
        max_value=10_000,
        help_text="Ten unless you ask for more",
    )
    versions = forms.ChoiceField(
        label="Which versions?",
        widget=forms.RadioSelect,
        error_messages={"required": "Select which versions"},
    )
    people = Lines(
        label="Who alone may read it?", required=False, help_text="E-mail addresses, one a line"
    )
    networks = Lines(
        label="From which networks alone?",
        required=False,
        help_text="Such as 192.0.2.0/24, one a line",
    )

    def __init__(self, *args: Any, asked: ShareRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stored = [Column.from_data(column) for column in asked.stored_columns() or []]
        found = [find(stored, name) for name in asked.columns]
        self.asked = [column for column in found if column is not None]
        offer, masks = asked.offered(), {}
        for number, column in enumerate(self.asked):
            had = named(asked.masks, column.name)
            masks[f"mask_{number}"] = mask_field(
                column, named(offer["masks"], column.name), _coarser(column, had)
            )
        self.fields["columns"].choices = [(c.name, c.name) for c in self.asked]  # type: ignore[attr-defined]
        for name, listed in (("gives", "given"), ("versions", "table_versions")):
            fit = no_wider(name, getattr(asked, name))
            choices = [(code, label) for code, label in codelist(listed).choices if code in fit]
            self.fields[name].choices = choices  # type: ignore[attr-defined]
        order = ["columns", "rows", *masks, "sample_by", *list(self.fields)[2:]]
        every = {**self.fields, **masks, "sample_by": _sampled(stored)}
        self.fields = {name: every[name] for name in order}
        kept = {c.name for c in self.asked} & set(offer["columns"])
        plain = {"gives": offer["gives"] or "rows", "versions": offer["versions"] or "latest"}
        self.initial = {**offer, **plain, "rows": offer["rows_too"], "columns": sorted(kept)}
        for name in masks:
            self.initial[name] = masks[name].initial

    def clean(self) -> dict[str, Any]:
        """With the selects as one answer, by column; those of columns left out say nothing."""
        super().clean()
        plain = {n: v for n, v in self.cleaned_data.items() if not n.startswith("mask_")}
        kept = [column for column in self.asked if column.name in plain.get("columns", ())]
        chosen = masks_of(self, self.asked)
        return {**plain, "masks": {c.name: chosen[c.name] for c in kept if c.name in chosen}}


def _coarser(column: Column, had: str) -> list[str]:
    """What may stand in place of the mask that was asked: itself, and those that give less."""
    if not had:
        return [EXACT, *codelist("masks")]
    asked = mask_from(column.name, had)
    listed = [word for word in codelist("masks") if word != had]
    return [had, *(w for w in listed if coarser(mask_from(column.name, w), asked))]


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
