"""The files that go to the bank and come back: layout in docs/bank-file.md. No database here."""

from disaster.relief.funds.bankfile.answer import Answered, BadAnswer, Result, read
from disaster.relief.funds.bankfile.layout import BankFile, Payment
from disaster.relief.funds.bankfile.write import as_csv, as_xlsx

__all__ = ["Answered", "BadAnswer", "BankFile", "Payment", "Result", "as_csv", "as_xlsx", "read"]
