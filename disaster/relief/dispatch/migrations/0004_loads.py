"""A stop carries a load of its document, not always all of it."""

from django.db import migrations, models

# What was on a trip before was all of its document.
ALL = """
UPDATE dispatch_stop stop SET goods = line.goods
  FROM (SELECT document_id, jsonb_object_agg(item_id, ordered) AS goods FROM stock_line GROUP BY document_id) line
 WHERE line.document_id = stop.document_id;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("dispatch", "0003_told_late"),
        ("stock", "0004_loads"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="stop",
            name="document_on_one_trip_at_a_time",
        ),
        migrations.AddField(
            model_name="stop",
            name="goods",
            field=models.JSONField(default=dict, verbose_name="装载"),
        ),
        migrations.AddField(
            model_name="stop",
            name="load",
            field=models.PositiveSmallIntegerField(default=1, verbose_name="第几车"),
        ),
        migrations.AddConstraint(
            model_name="stop",
            constraint=models.UniqueConstraint(
                condition=models.Q(("counts", True)),
                fields=("document", "load", "is_drop"),
                name="load_on_one_trip_at_a_time",
                violation_error_message="这一车已排入别的车次",
            ),
        ),
        migrations.RunSQL(ALL, migrations.RunSQL.noop),
    ]
