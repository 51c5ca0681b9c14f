"""A stored table and its versions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models

from concordat.kernel.publication.models import Record, RecordQuerySet
from concordat.kernel.subject import Subject, SubjectQuerySet
from concordat.kernel.text import check_line
from concordat.tables.lifecycle import TABLE, VERSION
from concordat.tables.policy import Can

if TYPE_CHECKING:
    from concordat.kernel.access import Actor


# Delta Sharing compares names without case and allows no dot, space, slash or control character.
TABLE_NAME = RegexValidator(
    r"^[a-z][a-z0-9_]{0,62}$",
    "Use lower-case letters, digits and underscores, starting with a letter.",
)


class StoredTable(Record):
    """A table that Concordat holds, as a Delta table whose versions are its loads."""

    KIND = "table"
    PREFIX = "TB"
    LIFECYCLE = TABLE
    SEE = Can.TABLE_SEE

    title = models.CharField(max_length=200, validators=[check_line])
    name = models.CharField(max_length=63, validators=[TABLE_NAME])
    latest = models.OneToOneField(
        "tables.TableVersion", models.PROTECT, null=True, editable=False, related_name="+"
    )

    objects = RecordQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "name"],
                name="table_name_once",
                violation_error_message="This organisation already has a table of that name.",
            )
        ]

    def clean(self) -> None:
        """A table that is ready holds something."""
        if self.status == "ready" and self.latest_id is None:
            raise ValidationError("This table holds no data yet. Load a file first.")


class TableVersionQuerySet(SubjectQuerySet):
    """Versions are seen with their table."""

    def visible_to(self, actor: Actor) -> Self:
        """The versions of the tables the actor may see."""
        return self.filter(table__in=StoredTable.objects.visible_to(actor))


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

    objects = TableVersionQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["table", "number"], name="table_version_once")
        ]

    def __str__(self) -> str:
        return f"version {self.number}"

    @property
    def owner_id(self) -> int | None:
        """The body whose table it is."""
        return self.table.owner_id
