"""The verbs on stock documents: goods come in, are ordered, sent, received, settled, scrapped, counted."""

from disaster.relief.stock.services.counting import count, scrap
from disaster.relief.stock.services.incoming import take_in
from disaster.relief.stock.services.places import open_place
from disaster.relief.stock.services.transfers import bring_paper, cancel, order, receive, send, write_off

__all__ = [
    "bring_paper",
    "cancel",
    "count",
    "open_place",
    "order",
    "receive",
    "scrap",
    "send",
    "take_in",
    "write_off",
]
