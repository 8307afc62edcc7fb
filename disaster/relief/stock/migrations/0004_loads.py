"""A transfer goes in loads: each movement names its own."""

import django.db.models.deletion
from django.db import migrations, models

# What was sent before was sent in one load.
FIRST = """
INSERT INTO stock_load (document_id, number, sent_at, sent_by, sent_by_id, signed_at, signed_by)
     SELECT id, 1, sent_at, sent_by, sent_by_id, received_at, received_by
       FROM stock_document WHERE kind = 'transfer' AND sent_at IS NOT NULL;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("stock", "0003_issued_and_closed"),
    ]

    operations = [
        migrations.AddField(
            model_name="movement",
            name="load",
            field=models.PositiveSmallIntegerField(default=1, verbose_name="第几车"),
        ),
        migrations.AlterField(
            model_name="document",
            name="state",
            field=models.CharField(
                choices=[
                    ("ordered", "待发出"),
                    ("partly", "部分发出,还有车次待发"),
                    ("sent", "在途,待签收"),
                    ("open", "有差异,待处理"),
                    ("closed", "已办结"),
                    ("cancelled", "已撤销"),
                ],
                db_index=True,
                max_length=10,
                verbose_name="状态",
            ),
        ),
        migrations.CreateModel(
            name="Load",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("number", models.PositiveSmallIntegerField(verbose_name="第几车")),
                ("sent_at", models.DateTimeField(verbose_name="发出时间")),
                ("sent_by", models.CharField(max_length=40, verbose_name="发出人")),
                ("sent_by_id", models.BigIntegerField(editable=False, null=True)),
                ("signed_at", models.DateTimeField(blank=True, null=True, verbose_name="签收时间")),
                ("signed_by", models.CharField(blank=True, max_length=40, verbose_name="签收人")),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="loads",
                        to="stock.document",
                        verbose_name="单据",
                    ),
                ),
            ],
            options={
                "verbose_name": "装载",
                "verbose_name_plural": "装载",
                "ordering": ["document", "number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("document", "number"),
                        name="load_once_a_document",
                        violation_error_message="这一车已经发出",
                    )
                ],
            },
        ),
        migrations.RunSQL(FIRST, migrations.RunSQL.noop),
    ]
