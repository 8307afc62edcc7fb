"""Roads for tiles: a copy in EPSG:3857, generated, and a note of each change."""

from django.db import migrations

COPY = """
ALTER TABLE places_road
    ADD COLUMN line_3857 geometry(LineString, 3857) GENERATED ALWAYS AS (ST_Transform(line, 3857)) STORED;
CREATE INDEX road_lines ON places_road USING gist (line_3857);
CREATE TRIGGER places_road_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON places_road
    FOR EACH STATEMENT EXECUTE FUNCTION places_changed();
"""
COPY_AWAY = """
DROP TRIGGER places_road_changed ON places_road;
ALTER TABLE places_road DROP COLUMN line_3857;
"""


class Migration(migrations.Migration):
    dependencies = [("places", "0005_mercator")]

    operations = [migrations.RunSQL(COPY, COPY_AWAY)]
