"""The numbers of notices and cases."""

from django.db import migrations

MAKE = "CREATE SEQUENCE disclosure_notice_number; CREATE SEQUENCE disclosure_case_number;"
AWAY = "DROP SEQUENCE disclosure_case_number; DROP SEQUENCE disclosure_notice_number;"


class Migration(migrations.Migration):
    dependencies = [("disclosure", "0001_initial")]

    operations = [migrations.RunSQL(MAKE, AWAY)]
