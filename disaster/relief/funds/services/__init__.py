"""The verbs of relief money: quotas, what plans reserve, payment batches, the bank's answers."""

from disaster.relief.funds.services.answers import Answered, read_answer
from disaster.relief.funds.services.batches import cancel, make_batch, release
from disaster.relief.funds.services.files import take_file
from disaster.relief.funds.services.quotas import enter_quota, return_up, transfer
from disaster.relief.funds.services.reserving import reserve, unreserve

__all__ = [
    "Answered",
    "cancel",
    "enter_quota",
    "make_batch",
    "read_answer",
    "release",
    "reserve",
    "return_up",
    "take_file",
    "transfer",
    "unreserve",
]
