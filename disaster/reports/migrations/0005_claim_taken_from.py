from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reports", "0004_voices")]

    operations = [
        migrations.AddField(
            model_name="claim",
            name="taken_from",
            field=models.CharField(blank=True, max_length=40, verbose_name="接手自"),
        ),
    ]
