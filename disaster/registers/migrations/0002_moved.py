from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registers", "0001_initial")]

    operations = [
        migrations.AlterField(
            model_name="version",
            name="act",
            field=models.CharField(
                choices=[
                    ("entered", "登记"),
                    ("changed", "修改"),
                    ("status", "状态变更"),
                    ("withdrawn", "注销"),
                    ("moved", "调整所属过程"),
                ],
                max_length=10,
                verbose_name="操作",
            ),
        ),
    ]
