"""Who goes to which shelter: an assignment at proven optimum, explained, kept in versions."""
