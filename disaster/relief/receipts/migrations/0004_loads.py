"""Receipts and cases name their load, and no load arrives without a receipt of its own."""

from django.db import migrations, models

ASK = """
CREATE OR REPLACE FUNCTION receipts_ask_for_a_receipt() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM stock_place a, stock_place b, stock_document d
                WHERE a.id = NEW.source_id AND b.id = NEW.target_id AND d.id = NEW.document_id
                  AND ('household' IN (a.kind, b.kind)
                       OR a.kind = 'transit' AND b.id = d.target_id))
       AND NOT EXISTS (SELECT 1 FROM receipts_receipt WHERE document_id = NEW.document_id{load}) THEN
        RAISE EXCEPTION 'nothing counts as delivered without a receipt: document %', NEW.document_id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("receipts", "0003_kept_by_the_database"),
        ("stock", "0004_loads"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="case",
            name="missing_once_a_batch_and_document",
        ),
        migrations.AddField(
            model_name="case",
            name="load",
            field=models.PositiveSmallIntegerField(default=1, verbose_name="第几车"),
        ),
        migrations.AddField(
            model_name="receipt",
            name="load",
            field=models.PositiveSmallIntegerField(default=1, verbose_name="第几车"),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "short"), ("state", "open")),
                fields=("document", "load", "batch"),
                name="missing_once_a_batch_and_document",
                violation_error_message="同一车同一批次的短少只立一案",
            ),
        ),
        migrations.RunSQL(ASK.replace("{load}", " AND load = NEW.load"), ASK.replace("{load}", "")),
    ]
