"""What is wrong with a row, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from disaster.problems import Words


class Fault(NamedTuple):
    """What is wrong, or worth a word, in one row; row 0 speaks of the whole file."""

    row: int
    field: str
    words: Words
    params: Mapping[str, Any]

    def say(self, language: str) -> str:
        """Say it in a language; words among the parameters are said in it, too."""
        said = {
            name: value.say(language) if isinstance(value, Words) else value
            for name, value in self.params.items()
        }
        return self.words.say(language, said)
