"""Prove that nothing in the journal was changed or removed."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from disaster.journal import seal
from disaster.journal.verify import Witness, verify


class Command(BaseCommand):
    """Walk the hash chain; compare it with witnesses given as ``position:hash``."""

    help = "Walk the journal's hash chain from the first row and compare it with witnesses."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take witnesses: heads printed on briefings or kept by phones."""
        parser.add_argument("--witness", action="append", default=[], metavar="POSITION:HASH")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the head, or the faults and a failing exit status."""
        try:
            witnesses = [
                Witness(int(position), bytes.fromhex(digest))
                for position, _, digest in (text.partition(":") for text in options["witness"])
            ]
        except ValueError:
            raise CommandError("a witness is POSITION:HASH, the hash in hexadecimal") from None
        verdict = verify(witnesses)
        for fault in verdict.faults:
            self.stderr.write(fault)
        if verdict.faults:
            raise CommandError(f"the journal is not intact: {len(verdict.faults)} faults")
        self.stdout.write(
            f"{verdict.rows} rows intact; head {verdict.head.position}:{verdict.head.hash.hex()}; "
            f"epoch {seal.current_life().epoch}"
        )
