"""The officer's page: one shell without personal data, its service worker and its manifest.

The shell is the same for everybody, so that the worker may keep it: who is signed in, the
page asks ``/api/me``. The worker's version is the hash of all it keeps, so that a phone
never runs half of one release and half of another.
"""

from __future__ import annotations

import hashlib
import json
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe

PAGE = "/field/"
_ROOMS = ("shared", "field")
_KINDS = (".js", ".css", ".svg", ".png")
_NOT_KEPT = ("field/worker.js", "field/icons/icon-512.png")
"""The worker itself, and what only the phone's installer asks for."""
LATER = ("vendor/leaflet/leaflet.css", "vendor/leaflet/leaflet.js")
"""Kept after the first tap: the library of the pin map."""
_IMPORT = re.compile(r"""^import\s[^;]*?from\s"(\.[^"]+)";""", re.MULTILINE)


@require_safe
@ensure_csrf_cookie
def page(request: HttpRequest) -> HttpResponse:
    """Give the shell; it holds nothing of the reader."""
    return HttpResponse(_page())


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """Give the service worker with the list of what it keeps and the version made of that."""
    source = _path("field/worker.js").read_text()
    return HttpResponse(
        f"const KEPT = {json.dumps(kept())};\n{source}",
        content_type="text/javascript; charset=utf-8",
        headers={"Cache-Control": "no-cache", "Service-Worker-Allowed": PAGE},
    )


@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """Give the manifest that makes the page an app."""
    icons = [(192, "any"), (512, "any"), (512, "maskable")]
    return JsonResponse(
        {
            "id": PAGE,
            "name": "灾情一张图·灾害信息员",
            "short_name": "报灾情",
            "lang": "zh-CN",
            "start_url": PAGE,
            "scope": PAGE,
            "display": "standalone",
            "orientation": "portrait",
            "theme_color": "#0b5c8a",
            "background_color": "#f2f5f7",
            "icons": [
                {
                    "src": static(f"field/icons/icon-{size}.png"),
                    "sizes": f"{size}x{size}",
                    "type": "image/png",
                    "purpose": use,
                }
                for size, use in icons
            ],
        },
        content_type="application/manifest+json",
    )


def kept() -> dict[str, Any]:
    """Say what the worker keeps: ``version``, ``page``, ``files`` at once, ``later`` after the first tap."""
    names = _names()
    paths = map(_path, ("field/worker.js", *names, *LATER))
    version = _version(
        _page(), tuple((str(path), path.stat().st_mtime_ns) for path in paths if path.exists())
    )
    return {
        "version": version,
        "page": PAGE,
        "files": [static(name) for name in names],
        "later": [static(name) for name in LATER],
    }


def _page() -> str:
    return render_to_string("field/page.html", {"modules": [static(name) for name in _first_modules()]})


def _names() -> list[str]:
    home = _path("field/worker.js").parent.parent
    found = (path for room in _ROOMS for path in sorted((home / room).rglob("*")) if path.suffix in _KINDS)
    names = [path.relative_to(home).as_posix() for path in found]
    return [name for name in names if name not in _NOT_KEPT]


def _first_modules() -> tuple[str, ...]:
    """Name the modules that the page needs before it shows anything, so that they are fetched at once."""
    root = _path("field/app.js")
    if not root.is_absolute():
        return ()
    return _imported(root, max(path.stat().st_mtime_ns for path in root.parent.rglob("*.js")))


@lru_cache(maxsize=1)
def _imported(root: Path, _newest_ns: int) -> tuple[str, ...]:
    """Follow the static imports from ``root``, nearest first."""
    home = root.parent.parent
    found = [root]
    for module in found:
        targets = ((module.parent / name).resolve() for name in _IMPORT.findall(module.read_text()))
        found += [target for target in dict.fromkeys(targets) if target not in found]
    return tuple(path.relative_to(home).as_posix() for path in found)


@lru_cache(maxsize=4)
def _version(page: str, files: tuple[tuple[str, int], ...]) -> str:
    digest = hashlib.sha256(page.encode())
    for path, _ in files:
        digest.update(path.rsplit("/", 1)[-1].encode() + b"\0" + Path(path).read_bytes())
    return digest.hexdigest()[:16]


def _path(name: str) -> Path:
    found = finders.find(name)
    return Path(found) if isinstance(found, str) else Path(name)
