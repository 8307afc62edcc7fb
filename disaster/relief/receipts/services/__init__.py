"""The verbs of receipts."""

from disaster.relief.receipts.services.cases import settle
from disaster.relief.receipts.services.signing import Signed, sign

__all__ = ["Signed", "settle", "sign"]
