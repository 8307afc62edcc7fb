"""Copies in EPSG:3857 for tiles, how a table's state is told apart, and the table of tallies.

The copies are the database's own: generated columns that no model names, so that no query of rows
carries them along. Only tiles read them.
"""

from django.db import migrations

CHANGED = ("places_area", "places_shelter", "places_hazardzone")

COLUMNS = """
ALTER TABLE places_area
    ADD COLUMN boundary_3857 geometry(Geometry, 3857) GENERATED ALWAYS AS (ST_Transform(boundary, 3857)) STORED,
    ADD COLUMN boundary_rough geometry(Geometry, 3857) GENERATED ALWAYS AS (
        CASE WHEN level <> 'village' THEN ST_SimplifyPreserveTopology(ST_Transform(boundary, 3857), 75) END) STORED,
    ADD COLUMN point_3857 geometry(Point, 3857) GENERATED ALWAYS AS (ST_Transform(point, 3857)) STORED;
CREATE INDEX area_village_outlines ON places_area USING gist (boundary_3857) WHERE level = 'village';
CREATE INDEX area_village_points ON places_area USING gist (point_3857) WHERE level = 'village';
CREATE INDEX area_township_outlines ON places_area USING gist (boundary_3857) WHERE level = 'township';
CREATE INDEX area_township_roughly ON places_area USING gist (boundary_rough) WHERE level = 'township';
CREATE INDEX area_township_points ON places_area USING gist (point_3857) WHERE level = 'township';

ALTER TABLE places_shelter
    ADD COLUMN point_3857 geometry(Point, 3857) GENERATED ALWAYS AS (ST_Transform(point, 3857)) STORED;
CREATE INDEX shelter_points ON places_shelter USING gist (point_3857);

ALTER TABLE places_hazardzone
    ADD COLUMN boundary_3857 geometry(Geometry, 3857) GENERATED ALWAYS AS (ST_Transform(boundary, 3857)) STORED,
    ADD COLUMN centre_3857 geometry(Point, 3857)
        GENERATED ALWAYS AS (ST_PointOnSurface(ST_Transform(boundary, 3857))) STORED;
CREATE INDEX zone_outlines ON places_hazardzone USING gist (boundary_3857) WHERE lifted_at IS NULL;
CREATE INDEX zone_centres ON places_hazardzone USING gist (centre_3857) WHERE lifted_at IS NULL;
"""
COLUMNS_AWAY = """
ALTER TABLE places_hazardzone DROP COLUMN boundary_3857, DROP COLUMN centre_3857;
ALTER TABLE places_shelter DROP COLUMN point_3857;
ALTER TABLE places_area DROP COLUMN boundary_3857, DROP COLUMN boundary_rough, DROP COLUMN point_3857;
"""

# A counter would make every writer wait for the one before, a sequence would tell before the commit.
# Rows with a random weight do neither: their sum differs after each commit, in whatever order.
CHANGES = """
CREATE TABLE places_change (
    changed text COLLATE "C" NOT NULL,
    weight numeric NOT NULL DEFAULT floor(random() * 1e18)
);
CREATE INDEX places_change_of ON places_change (changed);
CREATE FUNCTION places_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO places_change (changed) VALUES (TG_TABLE_NAME);
    RETURN NULL;
END $$;
"""
TRIGGERS = "".join(
    f"CREATE TRIGGER {table}_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table}"
    " FOR EACH STATEMENT EXECUTE FUNCTION places_changed();\n"
    for table in CHANGED
)
CHANGES_AWAY = (
    "".join(f"DROP TRIGGER {table}_changed ON {table};\n" for table in CHANGED)
    + "DROP FUNCTION places_changed(); DROP TABLE places_change;"
)

# Filled by gis.tally from the areas, and again whenever they have changed.
TALLY = """
CREATE TABLE places_tally (
    code varchar(12) COLLATE "C" PRIMARY KEY,
    level varchar(10) NOT NULL,
    name varchar(60) NOT NULL,
    villages integer NOT NULL,
    population bigint NOT NULL,
    seat geometry(Point, 3857),
    outline geometry(Geometry, 3857),
    built_from numeric NOT NULL
);
CREATE INDEX tally_seats ON places_tally USING gist (seat);
CREATE INDEX tally_outlines ON places_tally USING gist (outline);
"""

# Tiles that one process built and the others need not: worth nothing after a crash.
TILES = """
CREATE UNLOGGED TABLE places_tile (
    key text COLLATE "C" PRIMARY KEY,
    content bytea NOT NULL,
    built_at timestamptz NOT NULL DEFAULT now()
);
"""


class Migration(migrations.Migration):
    dependencies = [("places", "0004_shelter_standards")]

    operations = [
        migrations.RunSQL(COLUMNS, COLUMNS_AWAY),
        migrations.RunSQL(CHANGES + TRIGGERS, CHANGES_AWAY),
        migrations.RunSQL(TALLY, "DROP TABLE places_tally"),
        migrations.RunSQL(TILES, "DROP TABLE places_tile"),
    ]
