"""The founding case: the winter relief (冬春救助) of 潜山, simulated down to the household.

:mod:`.published` holds what was published, :mod:`.homes` makes up who it was (pure),
:mod:`.load` writes it, :mod:`.play` takes it to the end through the product's own services,
:mod:`.ledger` counts along in plain Python.
"""
