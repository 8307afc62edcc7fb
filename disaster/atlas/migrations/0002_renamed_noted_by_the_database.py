"""The database itself notes whose name or area changed: a load, an import and an admin's form alike."""

from django.db import migrations

# table, kind, column of the key, column of the area ('' where there is none to watch)
WATCHED = [
    ("places_area", "area", "code", ""),
    ("people_person", "person", "id", ""),
    ("places_shelter", "shelter", "id", "area_code"),
    ("places_hazardzone", "zone", "id", "area_code"),
    ("stock_place", "store", "id", "area_code"),
]
NOTE = """
CREATE FUNCTION atlas_note_renamed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        INSERT INTO atlas_renamed (kind, key) VALUES (TG_ARGV[0], to_jsonb(OLD)->>TG_ARGV[1]);
    ELSE
        INSERT INTO atlas_renamed (kind, key) VALUES (TG_ARGV[0], to_jsonb(NEW)->>TG_ARGV[1]);
    END IF;
    RETURN NULL;
END $$;
"""


def watch(table: str, kind: str, key: str, area: str) -> str:
    """Write the triggers of a table and note all it holds now."""
    moved = f" OR OLD.{area} IS DISTINCT FROM NEW.{area}" if area else ""
    return f"""
    CREATE TRIGGER {table}_named AFTER INSERT OR DELETE ON {table}
        FOR EACH ROW EXECUTE FUNCTION atlas_note_renamed('{kind}', '{key}');
    CREATE TRIGGER {table}_renamed AFTER UPDATE ON {table}
        FOR EACH ROW WHEN (OLD.name IS DISTINCT FROM NEW.name{moved})
        EXECUTE FUNCTION atlas_note_renamed('{kind}', '{key}');
    INSERT INTO atlas_renamed (kind, key) SELECT '{kind}', {key}::text FROM {table};
    """  # noqa: S608 - names of ours


def away(table: str, *_: str) -> str:
    """Take a table's triggers away."""
    return f"DROP TRIGGER {table}_named ON {table}; DROP TRIGGER {table}_renamed ON {table};"


class Migration(migrations.Migration):
    dependencies = [
        ("atlas", "0001_search_and_views"),
        ("places", "0006_roads_drawn"),
        ("people", "0002_apitoken"),
        ("stock", "0003_issued_and_closed"),
    ]

    operations = [
        migrations.RunSQL(NOTE, "DROP FUNCTION atlas_note_renamed()"),
        *[migrations.RunSQL(watch(*each), away(*each)) for each in WATCHED],
    ]
