"""What pages ask about the major projects portfolio."""

from __future__ import annotations

from typing import Any

from django import forms

from concordat.evaluations.models import PortfolioYear
from concordat.evaluations.rules.spend import plain_amount
from concordat.kernel.doors.forms import Form, ModelForm


class PortfolioForm(Form):
    """A file of one year."""

    year = forms.IntegerField(
        label="Which year’s portfolio is it?",
        min_value=2000,
        max_value=2100,
        help_text="Such as 2022",
        error_messages={
            "required": "Enter the year of the portfolio",
            "min_value": "Enter a year from 2000 to 2100",
            "max_value": "Enter a year from 2000 to 2100",
            "invalid": "Enter a year, such as 2022",
        },
    )
    file = forms.FileField(
        label="File",
        help_text="CSV with commas, semicolons or tabs, one project a line or one a column",
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt"}),
        error_messages={"required": "Select the file", "empty": "Select a file that is not empty"},
    )


class TotalForm(ModelForm):
    """The total published for a year, and for its portfolios where that is."""

    class Meta:
        model = PortfolioYear
        fields = ("total", "basis", "total_source")
        help_texts = {
            "total": "In £ million, such as 678000",
            "total_source": "Such as the title of the report and its page",
        }

    def __init__(
        self, *args: Any, categories: list[str], instance: PortfolioYear, **kwargs: Any
    ) -> None:
        super().__init__(*args, instance=instance, **kwargs)
        self.initial["total"] = plain_amount(instance.total)
        self.names = {f"total_{n}": category for n, category in enumerate(categories)}
        for name, category in self.names.items():
            self.fields[name] = forms.DecimalField(
                label=f"Total of {category}, £ million",
                required=False,
                max_digits=15,
                decimal_places=6,
                initial=instance.category_totals.get(category),
            )

    def values(self) -> dict[str, Any]:
        """What was entered, as the model holds it."""
        given = self.cleaned_data
        totals = {
            category: str(given[name])
            for name, category in self.names.items()
            if given.get(name) is not None
        }
        kept = {name: given[name] for name in ("total", "basis", "total_source")}
        return {**kept, "category_totals": totals}


class JoinForm(Form):
    """Which project it is."""

    into = forms.CharField(
        label="Number of the project that it is",
        max_length=64,
        help_text="Such as MOD_0106_1617-Q1. It keeps its page, and this number leads to it",
        error_messages={"required": "Enter the number of the project that it is"},
    )
