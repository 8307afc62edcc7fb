import uuid

import django.contrib.gis.db.models.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("places", "0006_roads_drawn"),
    ]

    operations = [
        migrations.CreateModel(
            name="Document",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("number", models.CharField(max_length=20, unique=True, verbose_name="单号")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("purchase", "采购入库"),
                            ("upper", "上级调入"),
                            ("donation", "捐赠入库"),
                            ("transfer", "调拨"),
                            ("scrap", "报废"),
                            ("count", "盘点"),
                        ],
                        max_length=10,
                        verbose_name="类型",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("ordered", "待发出"),
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
                ("area_code", models.CharField(db_index=True, max_length=12, verbose_name="行政区划")),
                ("reference", models.CharField(blank=True, max_length=60, verbose_name="文号")),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="事由")),
                ("is_verbal", models.BooleanField(default=False, verbose_name="口头指令")),
                ("paper_due", models.DateTimeField(blank=True, null=True, verbose_name="补办期限")),
                ("contact", models.CharField(blank=True, max_length=60, verbose_name="接收联系人")),
                ("made_at", models.DateTimeField(verbose_name="开单时间")),
                ("made_by", models.CharField(max_length=40, verbose_name="开单人")),
                ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="发出时间")),
                ("sent_by", models.CharField(blank=True, max_length=40, verbose_name="发出人")),
                ("sent_by_id", models.BigIntegerField(blank=True, editable=False, null=True)),
                ("received_at", models.DateTimeField(blank=True, null=True, verbose_name="签收时间")),
                ("received_by", models.CharField(blank=True, max_length=40, verbose_name="签收人")),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="办结时间")),
            ],
            options={
                "verbose_name": "单据",
                "verbose_name_plural": "单据",
                "ordering": ["-made_at", "number"],
            },
        ),
        migrations.CreateModel(
            name="Item",
            fields=[
                (
                    "key",
                    models.CharField(max_length=30, primary_key=True, serialize=False, verbose_name="编码"),
                ),
                ("name", models.CharField(max_length=40, verbose_name="品名")),
                ("name_en", models.CharField(max_length=60, verbose_name="英文名")),
                ("unit", models.CharField(max_length=8, verbose_name="单位")),
                ("specification", models.CharField(blank=True, max_length=120, verbose_name="规格")),
                ("standard", models.CharField(blank=True, max_length=60, verbose_name="执行标准")),
                (
                    "weight_kg",
                    models.DecimalField(decimal_places=3, max_digits=8, verbose_name="单件重量(公斤)"),
                ),
                (
                    "volume_m3",
                    models.DecimalField(decimal_places=4, max_digits=8, verbose_name="单件体积(立方米)"),
                ),
                (
                    "keeps_months",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="保质期(月)"),
                ),
            ],
            options={
                "verbose_name": "物资品种",
                "verbose_name_plural": "物资品种",
                "ordering": ["key"],
            },
        ),
        migrations.CreateModel(
            name="Batch",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("number", models.CharField(max_length=30, unique=True, verbose_name="批号")),
                ("price", models.DecimalField(decimal_places=2, max_digits=10, verbose_name="单价(元)")),
                ("made_on", models.DateField(blank=True, null=True, verbose_name="生产日期")),
                ("expires_on", models.DateField(blank=True, null=True, verbose_name="失效日期")),
                ("giver", models.CharField(blank=True, max_length=60, verbose_name="来源单位")),
                ("intent", models.CharField(blank=True, max_length=12, verbose_name="定向地区")),
                ("intent_words", models.CharField(blank=True, max_length=120, verbose_name="捐赠意愿")),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="batches",
                        to="stock.item",
                        verbose_name="品种",
                    ),
                ),
            ],
            options={
                "verbose_name": "批次",
                "verbose_name_plural": "批次",
                "ordering": ["number"],
            },
        ),
        migrations.CreateModel(
            name="Line",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("ordered", models.PositiveIntegerField(verbose_name="应发数量")),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="stock.document",
                        verbose_name="单据",
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="stock.item",
                        verbose_name="品种",
                    ),
                ),
            ],
            options={
                "verbose_name": "单据明细",
                "verbose_name_plural": "单据明细",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Place",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("warehouse", "储备库"),
                            ("point", "储备点"),
                            ("transit", "在途"),
                            ("supplier", "供应商"),
                            ("upper", "上级"),
                            ("donor", "捐赠方"),
                            ("household", "已发放到户"),
                            ("scrap", "已报废"),
                            ("lost", "已核销"),
                            ("count", "盘点差异"),
                        ],
                        max_length=10,
                        verbose_name="类型",
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="名称")),
                (
                    "point",
                    django.contrib.gis.db.models.fields.PointField(
                        blank=True, null=True, srid=4326, verbose_name="位置"
                    ),
                ),
                ("keeper", models.CharField(blank=True, max_length=40, verbose_name="保管人")),
                ("is_sample", models.BooleanField(default=False, verbose_name="示例")),
                (
                    "area",
                    models.ForeignKey(
                        blank=True,
                        db_column="area_code",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="places.area",
                        verbose_name="行政区划",
                    ),
                ),
            ],
            options={
                "verbose_name": "物资地点",
                "verbose_name_plural": "物资地点",
                "ordering": ["area", "name"],
            },
        ),
        migrations.CreateModel(
            name="Movement",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("quantity", models.PositiveIntegerField(verbose_name="数量")),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="原因")),
                ("at", models.DateTimeField(db_index=True, verbose_name="时间")),
                ("by_name", models.CharField(max_length=40, verbose_name="经手人")),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="movements",
                        to="stock.batch",
                        verbose_name="批次",
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="movements",
                        to="stock.document",
                        verbose_name="单据",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="stock.place",
                        verbose_name="从",
                    ),
                ),
                (
                    "target",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="stock.place",
                        verbose_name="到",
                    ),
                ),
            ],
            options={
                "verbose_name": "台账分录",
                "verbose_name_plural": "台账分录",
                "ordering": ["id"],
            },
        ),
        migrations.AddField(
            model_name="document",
            name="source",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="stock.place",
                verbose_name="从",
            ),
        ),
        migrations.AddField(
            model_name="document",
            name="target",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="stock.place",
                verbose_name="到",
            ),
        ),
        migrations.CreateModel(
            name="Balance",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("quantity", models.BigIntegerField(default=0, verbose_name="结存")),
                ("may_owe", models.BooleanField(default=False, verbose_name="外部")),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="balances",
                        to="stock.batch",
                        verbose_name="批次",
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="balances",
                        to="stock.place",
                        verbose_name="地点",
                    ),
                ),
            ],
            options={
                "verbose_name": "结存",
                "verbose_name_plural": "结存",
            },
        ),
        migrations.AddConstraint(
            model_name="batch",
            constraint=models.CheckConstraint(
                condition=models.Q(("price__gte", 0)),
                name="batch_price_not_negative",
                violation_error_message="单价不能为负",
            ),
        ),
        migrations.AddConstraint(
            model_name="batch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("made_on__isnull", True),
                    ("expires_on__isnull", True),
                    ("expires_on__gt", models.F("made_on")),
                    _connector="OR",
                ),
                name="batch_expires_after_it_is_made",
                violation_error_message="失效日期须晚于生产日期",
            ),
        ),
        migrations.AddConstraint(
            model_name="line",
            constraint=models.UniqueConstraint(
                fields=("document", "item"),
                name="item_once_a_document",
                violation_error_message="同一品种只列一行",
            ),
        ),
        migrations.AddConstraint(
            model_name="line",
            constraint=models.CheckConstraint(
                condition=models.Q(("ordered__gt", 0)),
                name="line_of_something",
                violation_error_message="数量须大于0",
            ),
        ),
        migrations.AddConstraint(
            model_name="place",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind__in", ["warehouse", "point"]), _negated=True),
                fields=("kind",),
                name="place_of_its_kind_once",
                violation_error_message="这类地点只有一个",
            ),
        ),
        migrations.AddConstraint(
            model_name="place",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind__in", ["warehouse", "point"])),
                fields=("area", "name"),
                name="place_name_once_an_area",
                violation_error_message="同一地区已有同名的储备库或储备点",
            ),
        ),
        migrations.AddConstraint(
            model_name="place",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind__in", ["warehouse", "point"]), _negated=True),
                    models.Q(("area__isnull", False), ("point__isnull", False)),
                    _connector="OR",
                ),
                name="place_of_ours_has_area_and_point",
                violation_error_message="储备库和储备点须有行政区划和位置",
            ),
        ),
        migrations.AddConstraint(
            model_name="movement",
            constraint=models.CheckConstraint(
                condition=models.Q(("quantity__gt", 0)),
                name="movement_of_something",
                violation_error_message="数量须大于0",
            ),
        ),
        migrations.AddConstraint(
            model_name="movement",
            constraint=models.CheckConstraint(
                condition=models.Q(("source", models.F("target")), _negated=True),
                name="movement_goes_elsewhere",
                violation_error_message="起止地点不能相同",
            ),
        ),
        migrations.AddConstraint(
            model_name="document",
            constraint=models.CheckConstraint(
                condition=models.Q(("source", models.F("target")), _negated=True),
                name="document_goes_elsewhere",
                violation_error_message="起止地点不能相同",
            ),
        ),
        migrations.AddConstraint(
            model_name="balance",
            constraint=models.UniqueConstraint(fields=("place", "batch"), name="balance_once"),
        ),
        migrations.AddConstraint(
            model_name="balance",
            constraint=models.CheckConstraint(
                condition=models.Q(("quantity__gte", 0), ("may_owe", True), _connector="OR"),
                name="stock_never_below_nothing",
                violation_error_message="结存不能为负",
            ),
        ),
    ]
