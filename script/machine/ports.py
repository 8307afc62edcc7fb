"""Whether a port is free, and if not, who has it."""

from __future__ import annotations

import contextlib
import socket
from pathlib import Path


def is_free(host: str, port: int) -> bool:
    """Try to listen there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
        return True


def holder(port: int) -> str:
    """Name the process that listens on a port, "" when it can't be seen."""
    inodes = _listening(port)
    for process in Path("/proc").iterdir():
        if process.name.isdigit() and inodes & _sockets_of(process):
            words = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
            return f"process {process.name}: {words[:120]}"
    return ""


def _listening(port: int) -> set[str]:
    found = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        try:
            lines = Path(table).read_text().splitlines()[1:]
        except OSError:
            continue
        for line in lines:
            fields = line.split()
            if fields[3] == "0A" and int(fields[1].rsplit(":", 1)[1], 16) == port:
                found.add(f"socket:[{fields[9]}]")
    return found


def _sockets_of(process: Path) -> set[str]:
    found: set[str] = set()
    try:
        files = list((process / "fd").iterdir())
    except OSError:
        return found
    for file in files:
        with contextlib.suppress(OSError):  # closed meanwhile
            found.add(str(file.readlink()))
    return found
