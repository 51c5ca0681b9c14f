"""A stored table and its versions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Self

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models

from concordat.kernel.publication.models import Record, RecordQuerySet
from concordat.kernel.subject import Subject, SubjectQuerySet
from concordat.kernel.text import check_line
from concordat.tables.lifecycle import TABLE, VERSION
from concordat.tables.plane.compare import sentence
from concordat.tables.policy import Can

if TYPE_CHECKING:
    from concordat.kernel.access import Actor


MOST_NAMES: Final = 100
# Delta Sharing compares names without case and allows no dot, space, slash or control character.
TABLE_NAME = RegexValidator(
    r"^[a-z][a-z0-9_]{0,62}$",
    "Use lower-case letters, digits and underscores, starting with a letter.",
)


def check_names(names: Any) -> None:
    """A list of names of columns, each once. Raises ValidationError."""
    if not isinstance(names, list) or not all(isinstance(name, str) and name for name in names):
        raise ValidationError("This must be a list of the names of columns.")
    if len(names) > MOST_NAMES or any(len(name) > 255 for name in names):
        raise ValidationError(f"Name {MOST_NAMES} columns or fewer, each as it is called.")
    if len({name.casefold() for name in names}) != len(names):
        raise ValidationError("Name each column once.")
    for name in names:
        check_line(name)


class StoredTable(Record):
    """A table that Concordat holds, as a Delta table whose versions are its loads."""

    KIND = "table"
    PREFIX = "TB"
    LIFECYCLE = TABLE
    SEE = Can.TABLE_SEE

    title = models.CharField(max_length=200, validators=[check_line])
    name = models.CharField(max_length=63, validators=[TABLE_NAME])
    key = models.JSONField(
        "columns that name one row",
        default=list,
        db_default=[],
        blank=True,
        validators=[check_names],
    )
    needed = models.JSONField(
        "columns that are never empty",
        default=list,
        db_default=[],
        blank=True,
        validators=[check_names],
    )
    due_days = models.PositiveSmallIntegerField(
        "days within which the next version is promised", null=True, blank=True
    )
    keep_versions = models.PositiveSmallIntegerField(
        "versions that are kept",
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text="The newest; empty for as many as is usual here",
    )
    keep_days = models.PositiveSmallIntegerField(
        "days for which a version is kept",
        null=True,
        blank=True,
        help_text="However many come after it; empty for as long as is usual here",
    )
    latest = models.OneToOneField(
        "tables.TableVersion", models.PROTECT, null=True, editable=False, related_name="+"
    )

    SETTINGS = ("key", "needed", "due_days", "keep_versions", "keep_days")

    objects = RecordQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "name"],
                name="table_name_once",
                violation_error_message="This organisation already has a table of that name.",
            )
        ]

    @property
    def column_names(self) -> list[str]:
        """Of its latest version."""
        return [column["name"] for column in self.latest.columns] if self.latest else []

    def name_latest(self, version: TableVersion) -> None:
        """Of two loads at once the later commit is the latest, whichever is named last."""
        if self.latest is None or self.latest.number < version.number:
            self.latest = version

    def clean(self) -> None:
        """A table that is ready holds something."""
        if self.status == "ready" and self.latest_id is None:
            raise ValidationError("This table holds no data yet. Load a file first.")


class TableVersionQuerySet(SubjectQuerySet):
    """Versions are seen with their table."""

    def visible_to(self, actor: Actor) -> Self:
        """The versions of the tables the actor may see."""
        return self.filter(table__in=StoredTable.objects.visible_to(actor))

    def kept(self) -> Self:
        """Those whose rows are kept."""
        return self.filter(status="loaded")


class TableVersion(Subject):
    """One load: which Delta version it made, what it held and what did not fit."""

    KIND = "table_version"
    LIFECYCLE = VERSION

    table = models.ForeignKey(StoredTable, models.PROTECT, related_name="versions")
    number = models.PositiveBigIntegerField(help_text="The Delta version")
    rows = models.PositiveBigIntegerField()
    rejected = models.PositiveBigIntegerField(default=0)
    size = models.PositiveBigIntegerField(help_text="Bytes as stored")
    columns = models.JSONField(help_text="Name, type, profile of each column")
    source_name = models.CharField(max_length=255, blank=True)
    source_digest = models.CharField(max_length=64, blank=True)
    changes = models.JSONField(
        default=dict,
        db_default={},
        blank=True,
        help_text="How its columns differ from those before",
    )
    quality = models.JSONField(
        default=list, db_default=[], blank=True, help_text="What was measured of its quality"
    )
    restored_from = models.PositiveBigIntegerField(
        null=True, blank=True, help_text="The version whose rows it holds again"
    )

    objects = TableVersionQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["table", "number"], name="table_version_once")
        ]

    def __str__(self) -> str:
        return f"version {self.number}"

    def inside_url(self) -> str:
        """Its page."""
        return f"{self.table.inside_url()}/versions/{self.number}"

    @property
    def changed(self) -> str:
        """How its columns differ from those of the version before, in words; "" for not at all."""
        return sentence(self.changes)

    @property
    def owner_id(self) -> int | None:
        """The body whose table it is."""
        return self.table.owner_id
