from django.db import migrations, models

LEVELS = [
    ("province", "省级"),
    ("prefecture", "市级"),
    ("county", "县级"),
    ("township", "乡镇级"),
    ("village", "村级"),
]
SETTINGS = [("indoor", "室内"), ("outdoor", "室外"), ("both", "室内和室外")]

# Facilities were words and are keys of the code list shelter_facility from now on.
FACILITIES = """
    UPDATE places_shelter SET
        is_accessible = facilities ? '无障碍',
        facilities = replace(replace(replace(replace(facilities::text,
            '"供水"', '"water"'), '"供电"', '"power"'), '"厕所"', '"toilet"'), '"无障碍"', '"ramp"')::jsonb
     WHERE facilities <> '[]'
"""


def added(name, field):
    return migrations.AddField("shelter", name, field)


class Migration(migrations.Migration):
    dependencies = [("places", "0003_zone_versions")]

    operations = [
        added("code", models.CharField(blank=True, default="", max_length=30, verbose_name="编号")),
        added(
            "level", models.CharField(choices=LEVELS, default="township", max_length=10, verbose_name="级别")
        ),
        added(
            "setting",
            models.CharField(choices=SETTINGS, default="indoor", max_length=8, verbose_name="室内外"),
        ),
        added("address", models.CharField(blank=True, default="", max_length=120, verbose_name="地址")),
        added("route", models.CharField(blank=True, default="", max_length=300, verbose_name="转移路线")),
        added("is_accessible", models.BooleanField(default=False, verbose_name="无障碍")),
        added(
            "keeper_phone_sealed",
            models.BinaryField(blank=True, default=bytes, verbose_name="管理人电话(加密)"),
        ),
        added("reason", models.CharField(blank=True, default="", max_length=200, verbose_name="状态原因")),
        added("is_filling", models.BooleanField(default=False, verbose_name="将满")),
        added("version", models.PositiveIntegerField(default=1, verbose_name="版本")),
        migrations.AddConstraint(
            "shelter",
            models.UniqueConstraint(
                name="shelter_code_once",
                fields=["code"],
                condition=~models.Q(code=""),
                violation_error_message="这个编号已用于另一处避难场所",
            ),
        ),
        migrations.RunSQL(FACILITIES, migrations.RunSQL.noop),
    ]
