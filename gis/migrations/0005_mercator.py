from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("places", "0004_shelter_standards")]

    operations = []
