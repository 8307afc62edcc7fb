from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("places", "0003_zone_versions")]

    operations = []
