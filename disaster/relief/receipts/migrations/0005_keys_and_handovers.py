"""Vouchers have keys of their own; a case may be given to another person."""

import base64
from typing import Any

import django.db.models.deletion
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.db import migrations, models
from django.utils import timezone

from disaster.people import private

ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""Order of P-256's group (SEC 2, 2.4.2)."""


def keep_the_derived_key(apps: Any, _editor: Any) -> None:
    """Keep the key that signed the vouchers there are, retired, as number 0: they stay good."""
    if not apps.get_model("receipts", "Voucher").objects.exists():
        return
    secret = int.from_bytes(private.derived(b"voucher"), "big")
    key = ec.derive_private_key(secret % (ORDER - 1) + 1, ec.SECP256R1())
    der, plain = serialization.Encoding.DER, serialization.NoEncryption()
    public = key.public_key().public_bytes(der, serialization.PublicFormat.SubjectPublicKeyInfo)
    pkcs8 = key.private_bytes(der, serialization.PrivateFormat.PKCS8, plain)
    apps.get_model("receipts", "VoucherKey").objects.create(
        number=0,
        public=base64.b64encode(public).decode(),
        sealed=private.seal(base64.b64encode(pkcs8).decode()),
        made_at=timezone.now(),
        made_by="",
        retired_at=timezone.now(),
    )


class Migration(migrations.Migration):
    dependencies = [
        ("receipts", "0004_loads"),
    ]

    operations = [
        migrations.AddField(
            model_name="case",
            name="holder_id",
            field=models.BigIntegerField(blank=True, editable=False, null=True),
        ),
        migrations.CreateModel(
            name="Handover",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("before", models.CharField(max_length=40, verbose_name="原责任人")),
                ("after", models.CharField(max_length=40, verbose_name="新责任人")),
                ("reason", models.CharField(max_length=200, verbose_name="原因")),
                ("at", models.DateTimeField(verbose_name="时间")),
                ("by_name", models.CharField(max_length=40, verbose_name="经办人")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="handovers",
                        to="receipts.case",
                        verbose_name="差异",
                    ),
                ),
            ],
            options={
                "verbose_name": "换责任人",
                "verbose_name_plural": "换责任人",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="VoucherKey",
            fields=[
                (
                    "number",
                    models.PositiveSmallIntegerField(primary_key=True, serialize=False, verbose_name="序号"),
                ),
                (
                    "algorithm",
                    models.CharField(default="P-256", editable=False, max_length=10, verbose_name="算法"),
                ),
                ("public", models.CharField(editable=False, max_length=200, verbose_name="公钥")),
                ("sealed", models.BinaryField()),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="更换原因")),
                ("made_at", models.DateTimeField(verbose_name="制作时间")),
                ("made_by", models.CharField(max_length=40, verbose_name="制作人")),
                ("retired_at", models.DateTimeField(blank=True, null=True, verbose_name="停用时间")),
                ("leaked_at", models.DateTimeField(blank=True, null=True, verbose_name="泄露作废时间")),
            ],
            options={
                "verbose_name": "凭证签名密钥",
                "verbose_name_plural": "凭证签名密钥",
                "ordering": ["number"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("retired_at__isnull", True)),
                        fields=("algorithm",),
                        name="one_voucher_key_signs",
                        violation_error_message="只有一把密钥在用",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("leaked_at__isnull", True), ("retired_at__isnull", False), _connector="OR"
                        ),
                        name="leaked_voucher_key_is_retired",
                        violation_error_message="泄露的密钥须停用",
                    ),
                ],
            },
        ),
        migrations.RunPython(keep_the_derived_key, migrations.RunPython.noop),
        migrations.AddField(
            model_name="voucher",
            name="key",
            field=models.ForeignKey(
                default=0,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="vouchers",
                to="receipts.voucherkey",
                verbose_name="签名密钥",
            ),
            preserve_default=False,
        ),
    ]
