"""What relief keeps: places, items, batches, documents, and the movements between places."""

from disaster.relief.stock.models.ledger import Balance, Batch, Movement
from disaster.relief.stock.models.papers import Document, Line, Load
from disaster.relief.stock.models.things import Item, Place

__all__ = ["Balance", "Batch", "Document", "Item", "Line", "Load", "Movement", "Place"]
