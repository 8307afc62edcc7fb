"""Balances kept by the database from entries alone, papers that nobody changes, and the vouchers' numbers."""

from django.db import migrations

# Once a statement, not once a row: a batch of 16,000 payments moves one balance once. The row is made
# first and changed then: the check of an inserted row would see the change alone.
KEEP = """
CREATE FUNCTION funds_keep_balances() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO funds_balance (account_id, quota_id, amount, may_owe)
         SELECT DISTINCT account.id, fresh.quota_id, 0, account.kind IN
                ('central', 'province', 'city', 'county', 'donor', 'shift')
           FROM fresh JOIN funds_account account ON account.id IN (fresh.source_id, fresh.target_id)
          ORDER BY account.id, fresh.quota_id
    ON CONFLICT (account_id, quota_id) DO NOTHING;
    UPDATE funds_balance SET amount = funds_balance.amount + moved.amount
      FROM (SELECT account_id, quota_id, sum(amount) AS amount
              FROM (SELECT target_id AS account_id, quota_id, amount FROM fresh
                    UNION ALL SELECT source_id, quota_id, -amount FROM fresh) AS sides
             GROUP BY account_id, quota_id) AS moved
     WHERE funds_balance.account_id = moved.account_id AND funds_balance.quota_id = moved.quota_id;
    RETURN NULL;
END $$;
CREATE TRIGGER funds_entry_kept AFTER INSERT ON funds_entry
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION funds_keep_balances();

CREATE FUNCTION funds_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the money ledger is append-only: % on % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER funds_entry_stays BEFORE UPDATE OR DELETE ON funds_entry
    FOR EACH ROW EXECUTE FUNCTION funds_refuse();
CREATE TRIGGER funds_voucher_stays BEFORE UPDATE OR DELETE ON funds_voucher
    FOR EACH ROW EXECUTE FUNCTION funds_refuse();
CREATE TRIGGER funds_quota_stays BEFORE UPDATE OR DELETE ON funds_quota
    FOR EACH ROW EXECUTE FUNCTION funds_refuse();

CREATE SEQUENCE funds_number;
"""
AWAY = """
DROP SEQUENCE funds_number;
DROP TRIGGER funds_quota_stays ON funds_quota;
DROP TRIGGER funds_voucher_stays ON funds_voucher;
DROP TRIGGER funds_entry_stays ON funds_entry;
DROP FUNCTION funds_refuse();
DROP TRIGGER funds_entry_kept ON funds_entry;
DROP FUNCTION funds_keep_balances();
"""


class Migration(migrations.Migration):
    dependencies = [("funds", "0001_initial")]

    operations = [migrations.RunSQL(KEEP, AWAY)]
