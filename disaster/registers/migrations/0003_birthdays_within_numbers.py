"""The birthday an identity number says is kept in the sealed number alone."""

from django.db import migrations


def forget_birthdays(apps, schema_editor):
    """Beside a masked number the birthday tells the eight digits that the mask hides."""
    casualties = apps.get_model("registers", "Casualty")
    versions = apps.get_model("registers", "Version")
    numbered = casualties.objects.exclude(identity_hash="")
    told = versions.objects.filter(row_id__in=numbered.values("pk"), changes__has_key="birth_date")
    for version in told:
        del version.changes["birth_date"]
        version.save(update_fields=["changes"])
    numbered.update(birth_date=None)


class Migration(migrations.Migration):
    dependencies = [("registers", "0002_moved")]

    operations = [migrations.RunPython(forget_birthdays, migrations.RunPython.noop)]
