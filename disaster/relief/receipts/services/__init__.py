"""The verbs of receipts: signing, giving to households and back, vouchers, cases, closing a batch."""

from disaster.relief.receipts.services.cases import settle
from disaster.relief.receipts.services.closing import close_batch
from disaster.relief.receipts.services.issuing import Given, GivenBack, issue, take_back
from disaster.relief.receipts.services.signing import Signed, sign
from disaster.relief.receipts.services.vouchers import make as make_vouchers

__all__ = [
    "Given",
    "GivenBack",
    "Signed",
    "close_batch",
    "issue",
    "make_vouchers",
    "settle",
    "sign",
    "take_back",
]
