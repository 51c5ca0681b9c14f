"""Which fields the pages of the data plane ask for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar, Final

from django import forms

from concordat.kernel.doors.formats import moment
from concordat.kernel.doors.forms import Form, ModelForm
from concordat.kernel.doors.tables import FilterForm
from concordat.kernel.organisations.models import Organisation
from concordat.tables.models import MOST_SQL, SavedQuery, Share, Source, StoredTable
from concordat.tables.models.stored import MOST_NAMES
from concordat.tables.plane.aggregate import MEASURES, Aggregate, Dimension, measured, ways
from concordat.tables.plane.columns import OFFERED, Column

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
        help_text="CSV, TSV, JSON lines or Parquet, packed as .gz or .zip if you like; or .xlsx",
        widget=forms.FileInput(
            attrs={"accept": ".csv,.tsv,.txt,.json,.jsonl,.ndjson,.parquet,.xlsx,.gz,.zip"}
        ),
    )


class ReadingForm(Form):
    """How a file that waits is to be read."""

    encoding = forms.ChoiceField(
        label="How its text is written", choices=_ENCODINGS, required=False
    )
    delimiter = forms.ChoiceField(
        label="What stands between cells", choices=_DELIMITERS, required=False
    )
    sheet = forms.ChoiceField(label="Which sheet?", required=False)

    def __init__(self, *args: Any, sheets: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if sheets:
            self.fields["sheet"].choices = [(s, s) for s in sheets]  # type: ignore[attr-defined]
            del self.fields["encoding"], self.fields["delimiter"]
        else:
            del self.fields["sheet"]


class TypesForm(Form):
    """The type of each column: as found, or as somebody knows better."""

    def __init__(self, *args: Any, columns: Sequence[Column], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.names = {f"type_{n}": column.name for n, column in enumerate(columns)}
        for name, column in zip(self.names, columns, strict=True):
            found = ("", f"As found ({column.type} so far)")
            types = [(type_, type_) for type_ in OFFERED]
            self.fields[name] = forms.ChoiceField(
                label=column.name, choices=[found, *types], required=False
            )

    def chosen(self) -> dict[str, str]:
        """The types that somebody chose, by column."""
        return {self.names[k]: v for k, v in self.cleaned_data.items() if v}


class PrepareForm(Form):
    """The rows of a share as one file."""

    kind = forms.ChoiceField(
        label="As which kind of file?",
        choices=[
            ("csv", "CSV, for spreadsheets"),
            ("jsonl", "JSON lines"),
            ("parquet", "Parquet, for pandas, R and Spark"),
            ("arrow", "Arrow stream"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Select a kind of file"},
    )


class TotalsForm(Form):
    """A table of totals: by which columns, of what. A choice names its column after a colon."""

    first = forms.ChoiceField(
        label="A row for each", required=False, help_text="Dates by a period, numbers by a band"
    )
    second = forms.ChoiceField(label="A column for each", required=False)
    measure = forms.ChoiceField(label="What to work out")
    margins = forms.BooleanField(
        label="Add totals",
        required=False,
        help_text="More cells of the table may have to be hidden beside them",
    )

    def __init__(self, *args: Any, columns: Sequence[Column], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        by = [(f"{way}:{c.name}", _way(c.name, way)) for c in columns for way in ways(c)]
        of = [
            (f"{measure}:{c.name}", f"{measure.capitalize()} of {c.name}")
            for measure in MEASURES[1:]
            for c in columns
            if measured(c)
        ]
        choices = {
            "first": [("", "Nothing: all rows together"), *by],
            "second": [("", "Nothing: one column"), *by],
            "measure": [("count:", "Count of rows"), *of],
        }
        for name, found in choices.items():
            self.fields[name].choices = found  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A column makes rows or columns, not both."""
        found: dict[str, Any] = super().clean() or {}
        first, second = (found.get(name, "").partition(":")[2] for name in ("first", "second"))
        if first and first == second:
            self.add_error("second", f"Select another column than {first}, which makes the rows")
        return found

    def asked(self) -> Aggregate:
        """What was chosen."""
        chosen = [self.cleaned_data[name] for name in ("first", "second")]
        dimensions = [Dimension(c.partition(":")[2], c.partition(":")[0]) for c in chosen if c]
        measure, _, of = self.cleaned_data["measure"].partition(":")
        return Aggregate(tuple(dimensions), measure, of, self.cleaned_data["margins"])

    @staticmethod
    def chosen(asked: Aggregate) -> dict[str, str]:
        """The values that the form has for a request."""
        by = dict(zip(("first", "second"), asked.dimensions, strict=False))
        found = {name: f"{d.by}:{d.column}" for name, d in by.items()}
        found["measure"] = f"{asked.measure}:{asked.of}"
        return found | ({"margins": "on"} if asked.margins else {})


def _way(name: str, by: str) -> str:
    return f"{name} ({by})" if by else name


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


class TableEditForm(ModelForm):
    """What people call a table, what is measured of it, and how long its versions are kept; its
    name stays, because programs use it."""

    key = forms.MultipleChoiceField(
        label="Which columns together name one row?",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    needed = forms.MultipleChoiceField(
        label="Which columns are never empty?",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = StoredTable
        fields = ("title", *StoredTable.SETTINGS)

    def __init__(self, *args: Any, columns: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("key", "needed"):
            if not 0 < len(columns) <= MOST_NAMES:  # of a wider table, through the API
                del self.fields[name]
                continue
            gone = [each for each in self.initial.get(name, []) if each not in columns]
            self.fields[name].choices = [(each, each) for each in (*columns, *gone)]  # type: ignore[attr-defined]


class RollBackForm(Form):
    """The version whose rows are to be the next."""

    number = forms.TypedChoiceField(
        label="Which version?",
        coerce=int,
        error_messages={"required": "Select the version to go back to"},
    )

    def __init__(self, *args: Any, numbers: Sequence[tuple[int, datetime]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(number, f"Version {number}, loaded {moment(at)}") for number, at in numbers]
        self.fields["number"].choices = [("", "Choose one"), *offered]  # type: ignore[attr-defined]


class SourceForm(ModelForm):
    """Where a table is loaded from, and how often."""

    connection = forms.ChoiceField(
        label="From which connection?",
        help_text="Whoever runs this site names them",
        error_messages={"required": "Select a connection"},
    )

    class Meta:
        model = Source
        fields = ("connection", "place", "every", "hour", "weekday")
        labels = {
            "place": "Which table or file?",
            "every": "How often?",
            "hour": "At which hour?",
            "weekday": "On which day?",
        }
        widgets = {"every": forms.RadioSelect}
        error_messages = {
            "place": {"required": "Enter a table, or the name of a file"},
            "every": {"required": "Select how often"},
            "hour": {"required": "Enter an hour, 0 to 23"},
            "weekday": {"required": "Select a day"},
        }

    def __init__(self, *args: Any, connections: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [("", "Choose"), *((n, f"{n} ({kind})") for n, kind in connections.items())]
        self.fields["connection"].choices = offered  # type: ignore[attr-defined]


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


class UseFilter(FilterForm):
    """Which reads are listed, of whichever of the `shares`; what is unusual is asked of suppliers."""

    lookups: ClassVar[dict[str, str]] = {"share": "share__reference"}

    share = forms.ChoiceField(label="Share", required=False)
    who = forms.CharField(label="Who", required=False, max_length=200)
    since = forms.DateField(label="From", required=False)
    until = forms.DateField(label="To", required=False)
    unusual = forms.BooleanField(label="Only unusual reads", required=False)
    unsettled = forms.BooleanField(label="Only those that nobody looked at yet", required=False)

    def __init__(
        self, *args: Any, shares: Iterable[Share] = (), supplies: bool = True, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if not supplies:
            del self.fields["unusual"], self.fields["unsettled"]
        named = [(found.reference, f"{found.table.title}, {found.basis}") for found in shares]
        self.fields["share"].choices = [("", "All"), *named]  # type: ignore[attr-defined]

    def asked(self) -> dict[str, Any]:
        """What a list of reads is asked for; nothing where it is not valid."""
        names = ("unusual", "unsettled", "who", "since", "until")
        if not self.is_valid():
            return {}
        return {name: self.cleaned_data[name] for name in names if name in self.fields}


class SettleForm(Form):
    """What was found out about an unusual read."""

    note = forms.CharField(
        label="What did you find out?",
        error_messages={"required": "Enter what you found out, so that your colleagues know"},
        widget=forms.Textarea,
        max_length=4000,
        help_text="Only people of your organisation read it.",
    )
