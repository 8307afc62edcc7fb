import django.contrib.gis.db.models.fields
import django.db.models.deletion
from django.db import migrations, models

KINDS = [
    ("flood", "洪水"),
    ("flash_flood", "山洪"),
    ("landslide", "滑坡"),
    ("debris_flow", "泥石流"),
    ("rockfall", "崩塌"),
    ("waterlogging", "内涝"),
    ("ice", "积雪结冰"),
    ("fire", "火险"),
    ("hidden", "隐患点"),
    ("weather", "气象"),
]
LEVELS = [("red", "红色(一级)"), ("orange", "橙色(二级)"), ("yellow", "黄色(三级)"), ("blue", "蓝色(四级)")]

# What stood before there were versions is version 1, recorded when it began to hold.
FIRST = """
INSERT INTO places_zoneversion (zone_id, number, name, kind, level, area_code, boundary, valid_from, valid_to,
                                lifted_at, recorded_at, by_name, reason)
SELECT id, 1, name, kind, level, area_code, boundary, valid_from, valid_to, lifted_at, valid_from, '', ''
  FROM places_hazardzone
"""


class Migration(migrations.Migration):
    dependencies = [("places", "0002_roads")]

    operations = [
        migrations.AddField(
            "hazardzone",
            "issuer",
            models.CharField(blank=True, max_length=100, verbose_name="发布单位", default=""),
            preserve_default=False,
        ),
        migrations.AddField(
            "hazardzone", "issued_at", models.DateTimeField(blank=True, null=True, verbose_name="发布时间")
        ),
        migrations.AddField(
            "hazardzone", "version", models.PositiveIntegerField(default=1, verbose_name="版本")
        ),
        migrations.AlterField(
            "hazardzone", "kind", models.CharField(choices=KINDS, max_length=16, verbose_name="种类")
        ),
        migrations.CreateModel(
            name="ZoneVersion",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("number", models.PositiveIntegerField(verbose_name="版本")),
                ("name", models.CharField(max_length=60, verbose_name="名称")),
                ("kind", models.CharField(choices=KINDS, max_length=16, verbose_name="种类")),
                ("level", models.CharField(choices=LEVELS, max_length=8, verbose_name="级别")),
                (
                    "boundary",
                    django.contrib.gis.db.models.fields.MultiPolygonField(srid=4326, verbose_name="范围"),
                ),
                ("valid_from", models.DateTimeField(verbose_name="生效时间")),
                ("valid_to", models.DateTimeField(blank=True, null=True, verbose_name="失效时间")),
                ("lifted_at", models.DateTimeField(blank=True, null=True, verbose_name="解除时间")),
                ("recorded_at", models.DateTimeField(verbose_name="记录时间")),
                ("by_name", models.CharField(max_length=40, verbose_name="操作人")),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="原因")),
                (
                    "area",
                    models.ForeignKey(
                        db_column="area_code",
                        on_delete=django.db.models.deletion.PROTECT,
                        to="places.area",
                        verbose_name="行政区划",
                    ),
                ),
                (
                    "zone",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="places.hazardzone",
                        verbose_name="危险区",
                    ),
                ),
            ],
            options={
                "verbose_name": "危险区版本",
                "verbose_name_plural": "危险区版本",
                "ordering": ["zone", "number"],
                "constraints": [
                    models.UniqueConstraint(fields=("zone", "number"), name="zone_version_numbers_a_zone")
                ],
            },
        ),
        migrations.RunSQL(FIRST, migrations.RunSQL.noop),
    ]
