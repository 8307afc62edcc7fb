"""The verbs of receipts: signing, giving to households and back, vouchers, cases, closing a batch."""

from disaster.relief.receipts.services.cases import reassign, settle
from disaster.relief.receipts.services.closing import close_batch
from disaster.relief.receipts.services.issuing import Given, GivenBack, issue, take_back
from disaster.relief.receipts.services.keys import change as change_key
from disaster.relief.receipts.services.signing import Signed, sign
from disaster.relief.receipts.services.vouchers import make as make_vouchers

__all__ = [
    "Given",
    "GivenBack",
    "Signed",
    "change_key",
    "close_batch",
    "issue",
    "make_vouchers",
    "reassign",
    "settle",
    "sign",
    "take_back",
]
