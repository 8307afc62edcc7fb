"""Balances kept by the database from movements alone, movements that nobody changes, and the documents' numbers."""

from django.db import migrations

# The row is made first and changed then: the check of an inserted row would see the change alone.
KEEP = """
CREATE FUNCTION stock_keep_balances() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO stock_balance (place_id, batch_id, quantity, may_owe)
         SELECT id, NEW.batch_id, 0, kind NOT IN ('warehouse', 'point', 'transit')
           FROM stock_place WHERE id IN (NEW.source_id, NEW.target_id) ORDER BY id
    ON CONFLICT (place_id, batch_id) DO NOTHING;
    UPDATE stock_balance SET quantity = quantity - NEW.quantity
     WHERE place_id = NEW.source_id AND batch_id = NEW.batch_id;
    UPDATE stock_balance SET quantity = quantity + NEW.quantity
     WHERE place_id = NEW.target_id AND batch_id = NEW.batch_id;
    RETURN NULL;
END $$;
CREATE TRIGGER stock_movement_kept AFTER INSERT ON stock_movement
    FOR EACH ROW EXECUTE FUNCTION stock_keep_balances();

CREATE FUNCTION stock_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the stock ledger is append-only: % on % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER stock_movement_stays BEFORE UPDATE OR DELETE ON stock_movement
    FOR EACH ROW EXECUTE FUNCTION stock_refuse();

CREATE SEQUENCE stock_document_number;
"""
AWAY = """
DROP SEQUENCE stock_document_number;
DROP TRIGGER stock_movement_stays ON stock_movement;
DROP TRIGGER stock_movement_kept ON stock_movement;
DROP FUNCTION stock_refuse();
DROP FUNCTION stock_keep_balances();
"""


class Migration(migrations.Migration):
    dependencies = [("stock", "0001_initial")]

    operations = [migrations.RunSQL(KEEP, AWAY)]
