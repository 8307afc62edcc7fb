"""Each step keeps what its application came to, so that needs can be told as of any moment."""

from django.db import migrations, models

KEEP = """
CREATE FUNCTION need_figures(wanted uuid) RETURNS jsonb STABLE LANGUAGE sql AS $$
    SELECT jsonb_build_object(
               'area', one.area_code, 'persons', one.persons, 'clothing', one.clothing,
               'fen', (one.heating_yuan + one.medical_yuan + one.water_yuan + one.other_yuan) * 100::bigint,
               'grants', coalesce((
                   SELECT jsonb_object_agg(coalesce(item_id, 'money'), jsonb_build_array(quantity, settled))
                     FROM needs_grant WHERE application_id = one.id), '{}'))
      FROM needs_application one WHERE one.id = wanted
$$;
CREATE FUNCTION need_step_figures() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.figures := need_figures(NEW.application_id);
    RETURN NEW;
END $$;
CREATE TRIGGER need_step_keeps_figures BEFORE INSERT ON needs_step
    FOR EACH ROW EXECUTE FUNCTION need_step_figures();
"""
# Of steps that were written before, only the newest is known whole; earlier ones had been granted
# what was decided by then, and nothing is known to have arrived.
FILL = """
ALTER TABLE needs_step DISABLE TRIGGER need_step_stays;
UPDATE needs_step step SET figures = need_figures(step.application_id) || CASE
           WHEN step.id = (SELECT max(id) FROM needs_step newest WHERE newest.application_id = step.application_id)
           THEN '{}'::jsonb
           ELSE jsonb_build_object('grants', coalesce((
               SELECT jsonb_object_agg(coalesce(item_id, 'money'), jsonb_build_array(quantity, 0))
                 FROM needs_grant
                WHERE application_id = step.application_id AND decided_at <= step.at), '{}')) END;
ALTER TABLE needs_step ENABLE TRIGGER need_step_stays;
"""
AWAY = """
DROP TRIGGER need_step_keeps_figures ON needs_step;
DROP FUNCTION need_step_figures();
DROP FUNCTION need_figures(uuid);
"""


class Migration(migrations.Migration):
    dependencies = [("needs", "0003_numbers_and_steps_that_stay")]

    operations = [
        migrations.AddField(
            "step",
            "figures",
            models.JSONField(default=dict, editable=False, verbose_name="办理后数额"),
        ),
        migrations.RunSQL(KEEP, AWAY),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
