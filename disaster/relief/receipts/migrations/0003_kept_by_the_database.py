"""What reached a household stays written, cases have their numbers, and nothing arrives without a receipt."""

from django.db import migrations

# Asked when the transaction ends: goods move first, then their receipt is kept.
KEEP = """
CREATE TRIGGER receipts_issue_stays BEFORE UPDATE OR DELETE ON receipts_issue
    FOR EACH ROW EXECUTE FUNCTION stock_refuse();

CREATE FUNCTION receipts_ask_for_a_receipt() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM stock_place a, stock_place b, stock_document d
                WHERE a.id = NEW.source_id AND b.id = NEW.target_id AND d.id = NEW.document_id
                  AND ('household' IN (a.kind, b.kind)
                       OR a.kind = 'transit' AND b.id = d.target_id))
       AND NOT EXISTS (SELECT 1 FROM receipts_receipt WHERE document_id = NEW.document_id) THEN
        RAISE EXCEPTION 'nothing counts as delivered without a receipt: document %', NEW.document_id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER receipts_before_it_counts AFTER INSERT ON stock_movement
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION receipts_ask_for_a_receipt();

CREATE SEQUENCE receipts_case_number;
"""
AWAY = """
DROP SEQUENCE receipts_case_number;
DROP TRIGGER receipts_before_it_counts ON stock_movement;
DROP FUNCTION receipts_ask_for_a_receipt();
DROP TRIGGER receipts_issue_stays ON receipts_issue;
"""


class Migration(migrations.Migration):
    dependencies = [("receipts", "0002_households_and_cases")]

    operations = [migrations.RunSQL(KEEP, AWAY)]
