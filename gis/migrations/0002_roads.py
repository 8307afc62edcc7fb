import uuid

import django.contrib.gis.db.models.fields
import django.db.models.deletion
from django.contrib.postgres.operations import CreateExtension
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("places", "0001_initial")]

    operations = [
        CreateExtension("pgrouting"),
        migrations.CreateModel(
            name="RoadNode",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("point", django.contrib.gis.db.models.fields.PointField(srid=4326, verbose_name="位置")),
            ],
            options={
                "verbose_name": "道路节点",
                "verbose_name_plural": "道路节点",
            },
        ),
        migrations.CreateModel(
            name="Closure",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("shape", django.contrib.gis.db.models.fields.GeometryField(srid=4326, verbose_name="位置")),
                ("radius_m", models.PositiveIntegerField(default=30, verbose_name="影响半径(米)")),
                ("reason", models.CharField(max_length=120, verbose_name="原因")),
                ("report", models.UUIDField(blank=True, null=True, verbose_name="灾情报告")),
                ("valid_from", models.DateTimeField(verbose_name="断路时间")),
                ("valid_to", models.DateTimeField(blank=True, null=True, verbose_name="预计恢复时间")),
                ("lifted_at", models.DateTimeField(blank=True, null=True, verbose_name="恢复通行时间")),
                ("by_name", models.CharField(max_length=40, verbose_name="登记人")),
                (
                    "area",
                    models.ForeignKey(
                        db_column="area_code",
                        on_delete=django.db.models.deletion.PROTECT,
                        to="places.area",
                        verbose_name="行政区划",
                    ),
                ),
            ],
            options={
                "verbose_name": "断路",
                "verbose_name_plural": "断路",
                "ordering": ["-valid_from"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to__isnull", True),
                            ("valid_to__gt", models.F("valid_from")),
                            _connector="OR",
                        ),
                        name="closure_ends_after_it_begins",
                        violation_error_message="恢复时间须晚于断路时间",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Road",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("line", django.contrib.gis.db.models.fields.LineStringField(srid=4326, verbose_name="线形")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("motorway", "高速公路"),
                            ("national", "国道"),
                            ("provincial", "省道"),
                            ("county", "县道"),
                            ("township", "乡道"),
                            ("village", "村道"),
                            ("track", "机耕路"),
                        ],
                        max_length=12,
                        verbose_name="类别",
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=80, verbose_name="名称")),
                ("is_bridge", models.BooleanField(default=False, verbose_name="桥梁")),
                ("is_oneway", models.BooleanField(default=False, verbose_name="单行")),
                ("length_m", models.FloatField(verbose_name="长度(米)")),
                ("climb", models.FloatField(blank=True, null=True, verbose_name="纵坡(%)")),
                ("is_approximate", models.BooleanField(default=False, verbose_name="模拟")),
                ("dataset", models.CharField(db_index=True, max_length=60, verbose_name="数据集")),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="places.roadnode",
                        verbose_name="起点",
                    ),
                ),
                (
                    "target",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="places.roadnode",
                        verbose_name="终点",
                    ),
                ),
            ],
            options={
                "verbose_name": "道路",
                "verbose_name_plural": "道路",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("length_m__gt", 0)),
                        name="road_has_length",
                        violation_error_message="道路长度须大于0",
                    )
                ],
            },
        ),
    ]
