#!/usr/bin/env python3
"""Check an exported journal: one file, the standard library only, neither the server nor its code.

    python3 check_journal.py journal.jsonl [POSITION:HASH …]

Each line is {"body": …, "hash": …}. The chain is hash(n) = SHA-256(hash(n-1) followed by body(n)),
with 32 zero bytes before the first; the body is a JSON array that begins with its position. A head
(POSITION:HASH) is printed on every briefing: give those you hold, and a cut tail or a rewritten
journal is found as well.
"""

import hashlib
import json
import sys
from pathlib import Path


def faults(lines, heads):
    """Yield what is wrong, line by line, then what the heads miss."""
    previous = bytes(32)
    position = 0
    held = dict(heads)
    for line in lines:
        position += 1
        row = json.loads(line)
        body, stored = row["body"].encode(), bytes.fromhex(row["hash"])
        if not body or json.loads(body)[0] != position:
            yield f"position {position}: the row is missing or out of its place"
        elif hashlib.sha256(previous + body).digest() != stored:
            yield f"position {position}: the row does not match its hash"
        if held.pop(position, stored) != stored:
            yield f"position {position}: another hash than the head you hold"
        previous = stored
    for missing in sorted(held):
        yield f"position {missing}: you hold its head, the journal ends at {position}"


def main(words):
    """Check the file and say so; the exit status is 1 if anything is wrong."""
    if not words:
        sys.exit(__doc__)
    heads = [word.partition(":") for word in words[1:]]
    with Path(words[0]).open(encoding="utf-8") as file:
        found = list(faults(file, [(int(position), bytes.fromhex(digest)) for position, _, digest in heads]))
    for fault in found:
        print(fault)
    print("NOT INTACT" if found else "intact")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
