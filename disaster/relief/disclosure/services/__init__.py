"""The verbs of disclosure: notices posted, photographed, ended; cases opened, taken on, answered, settled."""

from disaster.relief.disclosure.services.cases import answer, open_case, reveal, settle, take
from disaster.relief.disclosure.services.extending import ask_extension, decide_extension
from disaster.relief.disclosure.services.notices import finish, post, take_down
from disaster.relief.disclosure.services.photos import add_photo

__all__ = [
    "add_photo",
    "answer",
    "ask_extension",
    "decide_extension",
    "finish",
    "open_case",
    "post",
    "reveal",
    "settle",
    "take",
    "take_down",
]
