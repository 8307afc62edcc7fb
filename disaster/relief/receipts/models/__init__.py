"""What receipts keep: signatures, what reached which household, vouchers, and the cases of what differs."""

from disaster.relief.receipts.models.cases import Case
from disaster.relief.receipts.models.households import Issue, Voucher
from disaster.relief.receipts.models.receipts import Receipt

__all__ = ["Case", "Issue", "Receipt", "Voucher"]
