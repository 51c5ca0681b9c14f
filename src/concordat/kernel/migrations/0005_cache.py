"""The table of the cache, where wrong passwords are counted and device codes wait."""

from django.core.management import call_command
from django.db import migrations


def make(apps, schema_editor):
    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    dependencies = [("kernel", "0004_webhooks")]
    operations = [migrations.RunPython(make, migrations.RunPython.noop, elidable=False)]
