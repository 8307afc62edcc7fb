"""Template filters of relief money."""
