"""Stock as double entry (物资台账): every quantity moves between two places upon a document."""
