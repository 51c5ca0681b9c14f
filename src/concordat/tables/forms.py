"""Which fields the pages of the data plane ask for."""

from __future__ import annotations

from typing import Any, Final

from django import forms

from concordat.kernel.doors.forms import Form, ModelForm
from concordat.kernel.organisations.models import Organisation
from concordat.tables.models import MOST_SQL, SavedQuery, StoredTable

_ENCODINGS: Final = [
    ("", "Find out"),
    ("utf-8", "UTF-8"),
    ("cp1252", "Windows-1252"),
    ("utf-16", "UTF-16"),
]
_DELIMITERS: Final = [
    ("", "Find out"),
    (",", "Comma"),
    (";", "Semicolon"),
    ("\t", "Tab"),
    ("|", "Bar"),
]


class FileForm(Form):
    """A file of rows."""

    file = forms.FileField(
        label="File",
        help_text="CSV, TSV or Parquet; packed as .gz or .zip if you like",
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.parquet,.gz,.zip"}),
    )
    encoding = forms.ChoiceField(
        label="How its text is written", choices=_ENCODINGS, required=False
    )
    delimiter = forms.ChoiceField(
        label="What stands between cells", choices=_DELIMITERS, required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A tab is a value here, and Django would strip it away.
        self.fields["delimiter"].widget.attrs["spellcheck"] = "false"


class TableForm(ModelForm):
    """A new table."""

    owner = forms.ModelChoiceField(
        Organisation.objects.none(),
        label="In whose name?",
        error_messages={"required": "Select the organisation in whose name"},
    )

    class Meta:
        model = StoredTable
        fields = ("title", "name")
        help_texts = {"name": "For programs: lower-case letters, digits and underscores"}

    field_order = ("owner", "title", "name")

    def __init__(self, *args: Any, bodies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["owner"]
        field.queryset = bodies  # type: ignore[attr-defined]
        if len(bodies) == 1:
            field.initial = bodies[0]


class TitleForm(ModelForm):
    """What people call a table; its name stays, because programs use it."""

    class Meta:
        model = StoredTable
        fields = ("title",)


class SqlForm(Form):
    """A query, and whether its answer is drawn."""

    sql = forms.CharField(
        label="Your query",
        help_text="One SELECT over the tables listed",
        max_length=MOST_SQL,
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false"}),
        error_messages={"required": "Enter a query"},
    )
    chart = forms.ChoiceField(
        label="Draw a chart",
        help_text="The first column labels; the others must be numbers",
        choices=[("", "No chart"), ("bar", "Bars"), ("line", "Lines")],
        required=False,
    )


class SavedQueryForm(ModelForm):
    """A query that is kept."""

    class Meta:
        model = SavedQuery
        fields = ("title", "sql")
