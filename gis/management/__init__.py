"""Commands of the gis room."""
