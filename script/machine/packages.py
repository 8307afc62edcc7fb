"""Debian packages: which are needed, which are missing, and putting them in."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

from machine.steps import Stop, run, say, step

PG = "15"
SERVER = (
    f"postgresql-{PG}",
    f"postgresql-{PG}-postgis-3",
    f"postgresql-{PG}-postgis-3-scripts",
    f"postgresql-{PG}-pgrouting",
    "libgdal32",
    "gdal-bin",
    "libgeos-c1v5",
    "libproj25",
    "gettext",
    "redis-server",
    "python3-venv",
    "fonts-noto-cjk",
)
"""What the product needs to run."""
NODE = ("nodejs", "npm")
"""Needed once, to fetch the browser libraries; any Node that is there already will do."""
TEST = ("chromium",)
"""What only the tests need: a real browser."""

_CREATECLUSTER = Path("/etc/postgresql-common/createcluster.d/zaiqing.conf")


def is_installed(package: str) -> bool:
    """Ask dpkg whether a package is installed."""
    done = subprocess.run(
        ["dpkg-query", "-W", "-f", "${db:Status-Status}", package],  # noqa: S607
        capture_output=True,
        text=True,
    )
    return done.returncode == 0 and done.stdout.strip() == "installed"


def missing(wanted: Iterable[str]) -> list[str]:
    """Give the packages that are not there."""
    return [package for package in wanted if not is_installed(package)]


def wanted(*, for_tests: bool) -> list[str]:
    """Give the packages this machine should have."""
    node = () if shutil.which("node") and shutil.which("npm") else NODE
    return [*SERVER, *node, *(TEST if for_tests else ())]


def ensure(*, for_tests: bool) -> None:
    """Install what is missing, or say exactly what is to be installed."""
    lacking = missing(wanted(for_tests=for_tests))
    if not lacking:
        return
    command = _become_root()
    if command is None:
        raise Stop(refusal(lacking))
    _no_cluster_of_debians_own(command)
    with step(f"installing {len(lacking)} Debian packages: {' '.join(lacking)}"):
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        run([*command, "apt-get", "update", "-qq"], env=environment)
        keep = ["env", "DEBIAN_FRONTEND=noninteractive"]
        run(
            [*command, *keep, "apt-get", "install", "-y", "-qq", "--no-install-recommends", *lacking],
            env=environment,
        )


def refusal(lacking: Iterable[str]) -> str:
    """Say what to do when nobody here may install packages."""
    return f"these packages are missing and there is neither root nor sudo here. Have them installed:\n\n    apt-get install --no-install-recommends {' '.join(lacking)}\n"


def _become_root() -> list[str] | None:
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") and subprocess.run(["sudo", "-n", "true"], capture_output=True).returncode == 0:  # noqa: S607
        return ["sudo", "-n"]
    if shutil.which("sudo") and os.isatty(0):
        say("sudo may ask for your password to install packages")
        return ["sudo"]
    return None


def _no_cluster_of_debians_own(command: list[str]) -> None:
    """Keep the package from starting a second PostgreSQL beside our private one."""
    if is_installed("postgresql-common") or _CREATECLUSTER.exists():
        return
    run([*command, "mkdir", "-p", _CREATECLUSTER.parent])
    line = "create_main_cluster = false\n"
    subprocess.run(
        [*command, "tee", str(_CREATECLUSTER)], input=line.encode(), stdout=subprocess.DEVNULL, check=True
    )
