"""The private PostGIS cluster: a folder, a unix socket, and one user who may enter.

It runs as an unprivileged user: whoever runs the scripts, or Debian's ``postgres`` when that
is root. It listens on no network. Several scripts share it; whoever started it stops it.
"""

from __future__ import annotations

import grp
import hashlib
import os
import pwd
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from machine.packages import PG
from machine.steps import Stop, say, step

BIN = Path(f"/usr/lib/postgresql/{PG}/bin")
SOCKET_LIMIT = 107 - len("/.s.PGSQL.5432.lock")
"""A unix socket's path holds 107 bytes, the name of the socket included."""
ROLE = "zaiqing"
TRIES = 15
EXTENSIONS = ("postgis", "pgrouting", "btree_gist")

CONF = """
listen_addresses = ''
unix_socket_directories = '{sockets}'
unix_socket_permissions = 0700
max_connections = 100
max_locks_per_transaction = 256
shared_buffers = 256MB
effective_cache_size = 1GB
work_mem = 16MB
max_wal_size = 2GB
synchronous_commit = on
timezone = 'UTC'
log_timezone = 'UTC'
log_min_messages = warning
"""
FLEETING = """
fsync = off
full_page_writes = off
"""
"""Of a cluster for one run of the tests: nobody asks for it again after a power cut."""


@dataclass(frozen=True)
class Cluster:
    """Where the cluster is and as whom it runs."""

    folder: Path
    sockets: Path
    user: str
    is_fleeting: bool = False

    @property
    def url(self) -> str:
        """The address of the product's database."""
        return f"postgresql://{ROLE}@/{ROLE}?host={quote(str(self.sockets), safe='/')}"


def place(root: Path, data: Path, *, is_fleeting: bool = False) -> Cluster:
    """Choose folder, socket folder and user; the same choice every time.

    ``is_fleeting``: it need not outlive a power cut.
    """
    user = "postgres" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
    name = hashlib.sha256(str(root).encode()).hexdigest()[:12]
    folder = data / "pg"
    if os.geteuid() == 0 and not can_enter(user, data):
        # A clone in a home of mode 700: the cluster's user could not reach its own files.
        folder = Path("/var/lib/zaiqing") / name / "pg"
    return Cluster(folder, socket_folder(folder.parent / "run", name), user, is_fleeting)


def socket_folder(wish: Path, name: str) -> Path:
    """Give a folder short enough for a unix socket, and without signs that settings would trip over."""
    text = str(wish)
    if len(os.fsencode(text)) <= SOCKET_LIMIT and not set(text) & set(",'\"\\@"):
        return wish
    return Path("/tmp") / f"zaiqing-{name}-{os.geteuid()}"  # noqa: S108 - mode 0700, owner checked


def can_enter(user: str, folder: Path) -> bool:
    """Say whether a user may walk from the root to a folder and write it, were it theirs."""
    account = pwd.getpwnam(user)
    groups = {account.pw_gid, *(group.gr_gid for group in grp.getgrall() if user in group.gr_mem)}
    for part in (*folder.parents, folder):
        if not part.exists():
            continue
        about = part.stat()
        shift = 6 if about.st_uid == account.pw_uid else 3 if about.st_gid in groups else 0
        if not (about.st_mode >> shift) & 1:
            return False
    return True


def start(cluster: Cluster, log_to: Path) -> bool:
    """Start the cluster unless it runs, making it first if need be; true when this call started it."""
    _own(cluster)
    if not (cluster.folder / "PG_VERSION").exists():
        _make(cluster)
    _configure(cluster)
    if is_up(cluster):
        return False
    with step("starting the database"):
        log = cluster.folder / "server.log"
        for _ in range(TRIES):
            # After a kill -9 the old server's last processes may need a moment to go.
            done = _as(cluster, [BIN / "pg_ctl", "-D", cluster.folder, "-l", log, "-t", "120", "-w", "start"])
            if done.returncode == 0 or is_up(cluster):
                break
            time.sleep(1)
        else:
            tail = log.read_text(errors="replace")[-3000:] if log.exists() else done.stdout
            raise Stop(f"the database did not start:\n{tail}")
    return True


def stop(cluster: Cluster) -> None:
    """Stop the cluster, breaking off whoever is still connected."""
    say("stopping the database")
    _as(cluster, [BIN / "pg_ctl", "-D", cluster.folder, "-m", "fast", "-t", "60", "-w", "stop"])


def is_up(cluster: Cluster) -> bool:
    """Ask whether the cluster answers."""
    done = subprocess.run([BIN / "pg_isready", "-q", "-h", cluster.sockets], capture_output=True)
    return done.returncode == 0


def ensure_database(cluster: Cluster) -> None:
    """Make the role and its database; extensions live in the template, so that tests have them too."""
    if _sql(cluster, "postgres", f"SELECT 1 FROM pg_roles WHERE rolname = '{ROLE}'") != "1":
        _sql(cluster, "postgres", f"CREATE ROLE {ROLE} LOGIN CREATEDB")
    for extension in EXTENSIONS:
        _sql(cluster, "template1", f"CREATE EXTENSION IF NOT EXISTS {extension} CASCADE")
    if _sql(cluster, "postgres", f"SELECT 1 FROM pg_database WHERE datname = '{ROLE}'") != "1":
        _sql(cluster, "postgres", f"CREATE DATABASE {ROLE} OWNER {ROLE}")


def hba() -> str:
    """Who may enter: over the socket, as whom the map says; nobody over a network."""
    return "local all all peer map=zaiqing\n"


def ident(user: str, invoker: str) -> str:
    """Which system users may be which database user: the cluster's own, and who runs the scripts."""
    lines = []
    for system in dict.fromkeys((user, invoker)):
        lines += [f"zaiqing {system} {ROLE}", f"zaiqing {system} {user}"]
    return "\n".join(lines) + "\n"


def _make(cluster: Cluster) -> None:
    if not BIN.is_dir():
        raise Stop(f"PostgreSQL {PG} is not installed ({BIN})")
    with step("making the private database cluster"):
        shutil.rmtree(cluster.folder, ignore_errors=True)  # an earlier try that was cut short
        _give(cluster.folder, cluster)
        done = _as(
            cluster,
            [
                *(
                    BIN / "initdb",
                    "-D",
                    cluster.folder,
                    "-U",
                    cluster.user,
                    "--auth=peer",
                    "--data-checksums",
                ),
                *("--encoding=UTF8", "--locale=C.UTF-8"),
            ],
        )
        if done.returncode:
            raise Stop(f"initdb failed:\n{done.stdout}")


def _configure(cluster: Cluster) -> None:
    invoker = pwd.getpwuid(os.geteuid()).pw_name
    conf = cluster.folder / "postgresql.conf"
    ours = "include_if_exists = 'zaiqing.conf'\n"
    if ours not in conf.read_text():
        with conf.open("a") as file:
            file.write(f"\n{ours}")
    settings = CONF.format(sockets=cluster.sockets) + (FLEETING if cluster.is_fleeting else "")
    for name, text in (
        ("zaiqing.conf", settings),
        ("pg_hba.conf", hba()),
        ("pg_ident.conf", ident(cluster.user, invoker)),
    ):
        (cluster.folder / name).write_text(text)


def _own(cluster: Cluster) -> None:
    """Make the folders, owned by the cluster's user and closed to others."""
    account = pwd.getpwnam(cluster.user)
    for folder in (cluster.folder.parent, cluster.sockets):
        folder.mkdir(parents=True, exist_ok=True)
    if cluster.sockets.stat().st_uid not in {os.geteuid(), account.pw_uid}:
        raise Stop(f"{cluster.sockets} belongs to somebody else")
    _give(cluster.sockets, cluster)


def _give(folder: Path, cluster: Cluster) -> None:
    """Make a folder that only the cluster's user may enter."""
    folder.mkdir(mode=0o700, exist_ok=True)
    if os.geteuid() == 0:
        account = pwd.getpwnam(cluster.user)
        os.chown(folder, account.pw_uid, account.pw_gid)
    folder.chmod(0o700)


def _as(cluster: Cluster, command: list[str | Path]) -> subprocess.CompletedProcess[str]:
    """Run a command as the cluster's user; the server it starts must not hold our terminal."""
    words = [str(word) for word in command]
    switch = {"user": cluster.user, "group": pwd.getpwnam(cluster.user).pw_gid} if os.geteuid() == 0 else {}
    return subprocess.run(
        words,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE if "start" not in words else subprocess.DEVNULL,
        stderr=subprocess.STDOUT if "start" not in words else subprocess.DEVNULL,
        text=True,
        start_new_session=True,
        cwd="/",
        env={"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C.UTF-8"},
        **switch,  # type: ignore[call-overload]
    )


def _sql(cluster: Cluster, database: str, statement: str) -> str:
    for _ in range(100):
        done = _as(
            cluster,
            [
                BIN / "psql",
                "-X",
                "-At",
                "-v",
                "ON_ERROR_STOP=1",
                "-h",
                cluster.sockets,
                "-U",
                cluster.user,
                "-d",
                database,
                "-c",
                statement,
            ],
        )
        # Another script may be copying the template or making the same thing at this moment.
        if done.returncode == 0 or not (
            "being accessed by other users" in done.stdout or "concurrent" in done.stdout
        ):
            break
        time.sleep(0.1)
    if done.returncode and "already exists" not in done.stdout:
        raise Stop(f"the database refused: {statement}\n{done.stdout}")
    return done.stdout.strip()
