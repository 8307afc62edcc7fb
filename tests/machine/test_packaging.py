"""The containers install what the scripts install, and name variables that the settings read."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from machine import packages, serve

ROOT = Path(__file__).resolve().parent.parent.parent
COMPOSE = ROOT / "docker-compose.yml"
DOCKERFILE = (ROOT / "Dockerfile").read_text()
OPERATIONS = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")


def read_by_the_code() -> set[str]:
    """Every environment variable that settings and scripts read."""
    found: set[str] = set()
    for file in [ROOT / "disaster/config/settings.py", ROOT / "disaster/config/env.py"]:
        found |= set(re.findall(r'env_\w+\(\s*"([A-Z_]+)"', file.read_text()))
    for file in (ROOT / "script/machine").glob("*.py"):
        found |= set(re.findall(r'os\.environ(?:\.get\(|\[)"([A-Z_]+)"', file.read_text()))
    return (found | {"DATABASE_URL"}) - {"PATH"}


def compose() -> Any:
    return yaml.safe_load(COMPOSE.read_text())


def services() -> list[str]:
    return list(compose()["services"])


def test_the_parts_are_all_there() -> None:
    assert set(services()) == {"db", "redis", "migrate", "web1", "web2", "relay", "nginx"}


def test_the_image_installs_the_scripts_own_list() -> None:
    assert "from machine.packages import NODE, SERVER; print(*SERVER, *NODE)" in DOCKERFILE
    printed = subprocess.run(
        ["python3", "-c", "from machine.packages import NODE, SERVER; print(*SERVER, *NODE)"],
        env={"PYTHONPATH": str(ROOT / "script"), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert printed == [*packages.SERVER, *packages.NODE]
    assert "--require-hashes -r requirements/base.txt" in DOCKERFILE
    assert "npm ci" in DOCKERFILE
    others = re.findall(r"apt-get install [^&\n]*--no-install-recommends ([a-z][^&\n<]*)", DOCKERFILE)
    assert [words.split() for words in others if words.strip()] == [["python3", "ca-certificates"]], (
        "what the list itself needs"
    )


def test_the_database_is_the_version_the_scripts_install() -> None:
    assert f"/usr/lib/postgresql/{packages.PG}/bin" in (ROOT / "deploy/db.sh").read_text()
    assert f"/usr/lib/postgresql/{packages.PG}/bin" in COMPOSE.read_text()


def test_the_database_has_the_extensions_of_the_private_cluster() -> None:
    from machine.cluster import EXTENSIONS

    assert f"for extension in {' '.join(EXTENSIONS)};" in (ROOT / "deploy/db.sh").read_text()


@pytest.mark.parametrize("service", ["migrate", "web1", "web2", "relay"])
def test_every_variable_set_is_one_that_is_read(service: str) -> None:
    named = set(compose()["services"][service]["environment"])
    assert named <= read_by_the_code()
    assert {"DATABASE_URL", "REDIS_URL", "ZAIQING_SECRET_KEY", "ZAIQING_FIELD_KEY"} <= named


def test_one_relay_seals_and_the_web_processes_do_not() -> None:
    for service in ("web1", "web2"):
        assert compose()["services"][service]["environment"]["ZAIQING_SEALER"] == "off"
    assert compose()["services"]["relay"]["command"][-1] == "run_sealer"


def test_the_server_runs_with_the_scripts_own_options() -> None:
    told = re.search(r"^CMD \[\"uvicorn\".*$", DOCKERFILE, re.MULTILINE)
    assert told
    words = set(re.findall(r'"([^"]+)"', told.group()))
    scripts = {str(word) for word in serve.uvicorn(Path("python"), "0.0.0.0", 8000, 1)[2:]}
    assert scripts - words <= {"uvicorn", "--workers", "1"}


def test_every_variable_is_explained_to_operators() -> None:
    missing = {name for name in read_by_the_code() if f"`{name}`" not in OPERATIONS}
    assert not missing


def test_no_variable_is_explained_that_nobody_reads() -> None:
    explained = set(re.findall(r"^\| `([A-Z_]+)`", OPERATIONS, re.MULTILINE))
    assert explained <= read_by_the_code()


@pytest.mark.skipif(
    shutil.which("docker") is None
    or subprocess.run(["docker", "compose", "version"], capture_output=True).returncode != 0,
    reason="no docker compose client here",
)
def test_the_compose_client_reads_it() -> None:
    secrets = {
        "POSTGRES_PASSWORD": "x",
        "ZAIQING_SECRET_KEY": "x",
        "ZAIQING_FIELD_KEY": "0" * 64,
        "PATH": "/usr/local/bin:/usr/bin:/bin",
    }
    done = subprocess.run(
        ["docker", "compose", "config", "-q"], cwd=ROOT, env=secrets, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.skipif(shutil.which("nginx") is None, reason="no nginx here")
def test_nginx_reads_its_configuration(tmp_path: Path) -> None:
    text = (
        (ROOT / "deploy/nginx.conf")
        .read_text()
        .replace("web1:8000", "127.0.0.1:8001")
        .replace("web2:8000", "127.0.0.1:8002")
    )
    conf = tmp_path / "nginx.conf"
    conf.write_text(f"pid {tmp_path}/pid;\n{text.replace('listen 80', 'listen 127.0.0.1:8099')}")
    done = subprocess.run(
        ["nginx", "-t", "-c", str(conf), "-p", str(tmp_path), "-e", str(tmp_path / "log")],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
