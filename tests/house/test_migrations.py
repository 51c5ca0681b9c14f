"""A migration that the version before it survives: it adds, and what it adds may be left out."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.models import NOT_PROVIDED

pytestmark = pytest.mark.once
REMOVES = (
    migrations.RemoveField,
    migrations.RenameField,
    migrations.RenameModel,
    migrations.DeleteModel,
    migrations.AlterModelTable,
)
# Removals that went out in two releases, and since which the code had not used what they drop.
STOPPED_USING: dict[str, str] = {}


def later():
    """Each of our migrations after an application's first, with the models as it found them."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    for (label, name), migration in loader.disk_migrations.items():
        ours = apps.get_app_config(label).name.startswith("concordat.")
        if ours and not migration.initial:
            yield f"{label}.{name}", migration, loader


def breaks(operation, made):
    """Why the version before would fail once this is done; "" if it would not."""
    if isinstance(operation, REMOVES):
        return f"takes away what it reads: {operation.describe()}"
    if not isinstance(operation, migrations.AddField | migrations.AlterField):
        return ""
    field = operation.field
    if operation.model_name_lower in made or isinstance(field, models.ManyToManyField):
        return ""
    if field.null or field.db_default is not NOT_PROVIDED:
        return ""
    return f"does not know of {operation.model_name}.{operation.name}, so leaves it out"


def faults(operations):
    made = {o.name_lower for o in operations if isinstance(o, migrations.CreateModel)}
    return [why for operation in operations if (why := breaks(operation, made))]


def test_the_version_before_runs_on_every_migration():
    found = {
        name: faults([o for o in migration.operations if not _widens(o, name, loader)])
        for name, migration, loader in later()
        if name not in STOPPED_USING
    }
    broken = {name: why for name, why in found.items() if why}
    assert not broken, "give what is added null=True or a db_default; remove in a later release"


def _widens(operation, name, loader):
    """Whether an alteration leaves a column as empty as it may already be: NOT NULL before, too."""
    if not isinstance(operation, migrations.AlterField):
        return False
    label, _, migration = name.partition(".")
    before = loader.project_state((label, migration), at_end=False)
    old = before.models[label, operation.model_name_lower].fields[operation.name]
    return old.null <= operation.field.null


@pytest.mark.parametrize(
    "operation",
    [
        migrations.AddField("job", "colour", models.CharField(max_length=9)),
        migrations.AddField("job", "colour", models.CharField(max_length=9, default="red")),
        migrations.AlterField("job", "colour", models.CharField(max_length=9)),
        migrations.RemoveField("job", "title"),
        migrations.RenameField("job", "title", "name"),
    ],
)
def test_a_migration_that_would_stop_the_version_before_is_caught(operation):
    assert faults([operation])


@pytest.mark.parametrize(
    "field",
    [
        models.CharField(max_length=9, null=True),
        models.CharField(max_length=9, db_default="red"),
        models.ManyToManyField("kernel.Job"),
    ],
)
def test_an_addition_that_may_be_left_out_is_fine(field):
    assert not faults([migrations.AddField("job", "colour", field)])
