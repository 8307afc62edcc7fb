"""What relief knows of money: quotas, the accounts it is on, the entries between them, payments."""

from disaster.relief.funds.models.ledger import Account, Balance, Entry, Voucher
from disaster.relief.funds.models.payments import Answer, Download, PayBatch, PayLine
from disaster.relief.funds.models.quotas import Quota

__all__ = [
    "Account",
    "Answer",
    "Balance",
    "Download",
    "Entry",
    "PayBatch",
    "PayLine",
    "Quota",
    "Voucher",
]
