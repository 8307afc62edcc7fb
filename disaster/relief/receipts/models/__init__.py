"""What receipts keep: signatures, what reached which household, vouchers, and the cases of what differs."""

from disaster.relief.receipts.models.cases import Case, Handover
from disaster.relief.receipts.models.households import Issue, Voucher, VoucherKey
from disaster.relief.receipts.models.receipts import Receipt

__all__ = ["Case", "Handover", "Issue", "Receipt", "Voucher", "VoucherKey"]
