"""A full rehearsal: the storm of July 2013 from the first report to the approved 核报.

:mod:`.ledger` counts along in plain Python and knows nothing of the product; :mod:`.play`
performs everything through the product's own services, at the moments of the storm.
"""
