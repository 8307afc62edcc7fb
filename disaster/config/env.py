"""Typed reading of environment variables; a wrong value fails at the start, in words."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit


class BadSetting(SystemExit):
    """A variable that can't be used; stops the program with one line."""


def env_str(name: str, default: str = "") -> str:
    """Give the variable, or ``default``."""
    return os.environ.get(name, default)


def env_bool(name: str, default: bool = False) -> bool:
    """Read on/off, true/false, yes/no, 1/0."""
    text = os.environ.get(name, "").strip().lower()
    if text in {"1", "true", "yes", "on"}:
        return True
    if text in {"0", "false", "no", "off"}:
        return False
    if text == "":
        return default
    raise BadSetting(f"{name}={text!r} is neither on nor off")


def env_int(name: str, default: int) -> int:
    """Read a whole number."""
    text = os.environ.get(name, "").strip()
    try:
        return int(text) if text else default
    except ValueError:
        raise BadSetting(f"{name}={text!r} is not a whole number") from None


def env_list(name: str, default: str = "") -> list[str]:
    """Read words separated by commas."""
    return [part.strip() for part in os.environ.get(name, default).split(",") if part.strip()]


def env_secret(name: str) -> str:
    """Read ``NAME``, or the file that ``NAME_FILE`` names. A secret has no default."""
    if value := os.environ.get(name, ""):
        return value
    if path := os.environ.get(f"{name}_FILE", ""):
        try:
            return Path(path).read_text(encoding="ascii").strip()
        except OSError as error:
            raise BadSetting(f"{name}_FILE: {error}") from None
    raise BadSetting(f"{name} or {name}_FILE must be set; script/server and script/test do so")


def env_database(name: str = "DATABASE_URL") -> dict[str, str]:
    """Read ``postgresql://user:password@host:port/name?host=/socket/folder``."""
    url = urlsplit(os.environ.get(name, ""))
    if url.scheme not in {"postgres", "postgresql", "postgis"}:
        raise BadSetting(f"{name} must be postgresql://…; script/server starts a private cluster and sets it")
    query = parse_qs(url.query)
    return {
        "NAME": unquote(url.path.lstrip("/")),
        "USER": unquote(url.username or query.get("user", [""])[0]),
        "PASSWORD": unquote(url.password or ""),
        "HOST": query.get("host", [unquote(url.hostname or "")])[0],
        "PORT": str(url.port or query.get("port", [""])[0]),
    }
