"""Pages that work without a network: a shell without personal data, its service worker and its manifest.

A shell is the same for everybody, so that the worker may keep it: who is signed in, the
page asks ``/api/me``. The worker's version is the hash of all it keeps, so that a phone
never runs half of one release and half of another.
"""

from __future__ import annotations

import hashlib
import json
import re
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import URLPattern, path
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe

from disaster.config.headers import PERMISSIONS, WITH_CAMERA

WORKER = "shared/worker.js"
_KINDS = (".js", ".css", ".svg", ".png")
_IMPORT = re.compile(r"""^import\s[^;]*?from\s"(\.[^"]+)";""", re.MULTILINE)


class Shell(NamedTuple):
    """A page: ``/name/``, with the static folders ``rooms``; ``later`` is kept after the first tap.

    ``scans`` says that it may ask for the camera, to read QR codes.
    """

    name: str
    title: str
    short: str
    rooms: tuple[str, ...]
    later: tuple[str, ...] = ()
    scans: bool = False

    @property
    def page(self) -> str:
        """Its address, and the scope of its worker."""
        return f"/{self.name}/"


FIELD = Shell(
    "field",
    "灾情一张图·灾害信息员",
    "报灾情",
    ("shared", "field"),
    ("vendor/leaflet/leaflet.css", "vendor/leaflet/leaflet.js"),
)
"""The officer's page; the library of the pin map is kept later."""
RECEIVE = Shell(
    "receive",
    "灾情一张图·物资签收",
    "签收物资",
    ("shared", "receive"),
    ("vendor/jsqr/jsQR.js",),
    scans=True,
)
"""Signing for goods, and giving them to households; what reads QR codes where the browser can't is kept later."""
DRIVER = Shell("driver", "灾情一张图·运输", "运输", ("shared", "driver"))
"""A lorry's driver: departs, arrives, and says where the lorry is."""
SHELLS = (FIELD, RECEIVE, DRIVER)


def urls(shell: Shell) -> list[URLPattern]:
    """Give a shell's addresses; the worker lies beside the page, so that it may serve it."""

    @require_safe
    @ensure_csrf_cookie
    def page(request: HttpRequest) -> HttpResponse:
        headers = {"Permissions-Policy": WITH_CAMERA if shell.scans else PERMISSIONS}
        return HttpResponse(_page(shell), headers=headers)

    @require_safe
    def worker(request: HttpRequest) -> HttpResponse:
        return HttpResponse(
            f"const KEPT = {json.dumps(kept(shell))};\n{_path(WORKER).read_text()}",
            content_type="text/javascript; charset=utf-8",
            headers={"Cache-Control": "no-cache", "Service-Worker-Allowed": shell.page},
        )

    @require_safe
    def manifest(request: HttpRequest) -> HttpResponse:
        return JsonResponse(_manifest(shell), content_type="application/manifest+json")

    return [
        path(f"{shell.name}/", page, name=shell.name),
        path(f"{shell.name}/worker.js", worker),
        path(f"{shell.name}/manifest.webmanifest", manifest),
    ]


urlpatterns = [pattern for shell in SHELLS for pattern in urls(shell)]


def kept(shell: Shell) -> dict[str, Any]:
    """Say what the worker keeps: ``version``, ``page``, ``files`` at once, ``later`` after the first tap."""
    names = _names(shell)
    paths = map(_path, (WORKER, *names, *shell.later))
    version = _version(
        _page(shell), tuple((str(path), path.stat().st_mtime_ns) for path in paths if path.exists())
    )
    return {
        "name": shell.name,
        "version": version,
        "page": shell.page,
        "files": [static(name) for name in names],
        "later": [static(name) for name in shell.later],
    }


def _manifest(shell: Shell) -> dict[str, Any]:
    icons = [(192, "any"), (512, "any"), (512, "maskable")]
    return {
        "id": shell.page,
        "name": shell.title,
        "short_name": shell.short,
        "lang": "zh-CN",
        "start_url": shell.page,
        "scope": shell.page,
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
    }


def _page(shell: Shell) -> str:
    modules = [static(name) for name in _first_modules(shell)]
    return render_to_string(f"{shell.name}/page.html", {"modules": modules})


def _names(shell: Shell) -> list[str]:
    home = _path(WORKER).parent.parent
    found = (
        path for room in shell.rooms for path in sorted((home / room).rglob("*")) if path.suffix in _KINDS
    )
    names = [path.relative_to(home).as_posix() for path in found]
    # The worker itself, and what only the phone's installer asks for.
    return [name for name in names if name not in (WORKER, "field/icons/icon-512.png")]


def _first_modules(shell: Shell) -> tuple[str, ...]:
    """Name the modules that the page needs before it shows anything, so that they are fetched at once."""
    root = _path(f"{shell.name}/app.js")
    if not root.is_absolute():
        return ()
    return _imported(root, max(path.stat().st_mtime_ns for path in root.parent.rglob("*.js")))


@lru_cache(maxsize=len(SHELLS))
def _imported(root: Path, _newest_ns: int) -> tuple[str, ...]:
    """Follow the static imports from ``root``, nearest first."""
    home = root.parent.parent
    found = [root]
    for module in found:
        targets = ((module.parent / name).resolve() for name in _IMPORT.findall(module.read_text()))
        found += [target for target in dict.fromkeys(targets) if target not in found]
    return tuple(path.relative_to(home).as_posix() for path in found)


@lru_cache(maxsize=4 * len(SHELLS))
def _version(page: str, files: tuple[tuple[str, int], ...]) -> str:
    digest = hashlib.sha256(page.encode())
    for name, _ in files:
        digest.update(name.rsplit("/", 1)[-1].encode() + b"\0" + Path(name).read_bytes())
    return digest.hexdigest()[:16]


def _path(name: str) -> Path:
    found = finders.find(name)
    return Path(found) if isinstance(found, str) else Path(name)
