"""The verbs on stock documents: goods come in, are ordered, sent, accounted for, scrapped, counted.

What changes hands for good (``handing``) is not among them: that takes a receipt.
"""

from disaster.relief.stock.services.closing import close_batch
from disaster.relief.stock.services.counting import count, scrap
from disaster.relief.stock.services.incoming import take_in
from disaster.relief.stock.services.places import open_place
from disaster.relief.stock.services.transfers import account_for, bring_paper, cancel, order, send

__all__ = [
    "account_for",
    "bring_paper",
    "cancel",
    "close_batch",
    "count",
    "open_place",
    "order",
    "scrap",
    "send",
    "take_in",
]
