"""The trips' numbers, and tracks and acts that nobody changes."""

from django.db import migrations

KEEP = """
CREATE SEQUENCE dispatch_trip_number;

CREATE FUNCTION dispatch_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what a phone has sent stays: % on % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER dispatch_fix_stays BEFORE UPDATE ON dispatch_fix
    FOR EACH ROW EXECUTE FUNCTION dispatch_refuse();
CREATE TRIGGER dispatch_act_stays BEFORE UPDATE ON dispatch_act
    FOR EACH ROW EXECUTE FUNCTION dispatch_refuse();
"""
AWAY = """
DROP TRIGGER dispatch_act_stays ON dispatch_act;
DROP TRIGGER dispatch_fix_stays ON dispatch_fix;
DROP FUNCTION dispatch_refuse();
DROP SEQUENCE dispatch_trip_number;
"""


class Migration(migrations.Migration):
    dependencies = [("dispatch", "0001_initial")]

    operations = [migrations.RunSQL(KEEP, AWAY)]
