"""The applications' numbers, and steps and changes that nobody rewrites."""

from django.db import migrations

KEEP = """
CREATE SEQUENCE need_programme_number;
CREATE SEQUENCE need_application_number;
CREATE FUNCTION need_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what was done to an application stays: % on % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER need_step_stays BEFORE UPDATE OR DELETE ON needs_step
    FOR EACH ROW EXECUTE FUNCTION need_refuse();
CREATE TRIGGER need_change_stays BEFORE UPDATE OR DELETE ON needs_change
    FOR EACH ROW EXECUTE FUNCTION need_refuse();
"""
AWAY = """
DROP TRIGGER need_change_stays ON needs_change;
DROP TRIGGER need_step_stays ON needs_step;
DROP FUNCTION need_refuse();
DROP SEQUENCE need_application_number;
DROP SEQUENCE need_programme_number;
"""


class Migration(migrations.Migration):
    dependencies = [("needs", "0002_changes_hardships_refused_cards")]

    operations = [migrations.RunSQL(KEEP, AWAY)]
