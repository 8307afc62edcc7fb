"""Who gets what from where, compared, explained, approved, made into papers (分配方案)."""
