"""script/server: set up, migrate, load the sample county, serve, and stop cleanly."""

from __future__ import annotations

import argparse
import hashlib
import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

from machine import ports, setup
from machine.children import Child
from machine.setup import ROOT, Machine
from machine.steps import Stop, run, say, step


def main() -> None:
    """Run the server until Ctrl-C or SIGTERM."""
    parser = argparse.ArgumentParser(
        prog="script/server", description="Set everything up and serve 灾情一张图."
    )
    parser.add_argument(
        "--demo",
        action="store_true",
        help="replay the storm of July 2013 and drive the winter's relief once the server answers",
    )
    parser.add_argument("--minutes", type=float, default=10, help="how long the demo's storm takes")
    parser.add_argument(
        "--workers", type=int, default=1, help="processes that serve; more than one brings Redis"
    )
    options = parser.parse_args()
    host, port = address()
    for number in (signal.SIGTERM, signal.SIGINT):  # a shell that starts us behind it has SIGINT ignored
        signal.signal(number, _as_ctrl_c)
    machine = setup.prepare(for_tests=False)
    children: list[Child] = []
    try:
        ready(machine)
        children = start(machine, host, port, options)
        watch(children, machine)
    except KeyboardInterrupt:
        print()
        say("stopping")
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # a second Ctrl-C must not leave half of it running
        for child in reversed(children):
            child.stop()
        machine.stop()


def _as_ctrl_c(number: int, frame: object) -> None:
    raise KeyboardInterrupt


def address() -> tuple[str, int]:
    """Give host and port from the environment; stop when the port is taken."""
    host = os.environ.get("HOST") or "127.0.0.1"
    try:
        port = int(os.environ.get("PORT") or 8000)
    except ValueError:
        raise Stop(f"PORT={os.environ['PORT']!r} is not a number") from None
    if not 0 < port < 65536:
        raise Stop(f"PORT={port} is no port: it must be between 1 and 65535")
    if not ports.is_free(host, port):
        raise Stop(
            f"port {port} on {host} is in use ({ports.holder(port) or 'by another user'}). Choose another: PORT=8001 script/server"
        )
    return host, port


def ready(machine: Machine) -> None:
    """Bring database, translations and static files up to date."""
    manage = [machine.python, "manage.py"]
    options = {"env": machine.environment, "cwd": ROOT, "log": machine.log}
    with step("migrating the database"):
        run([*manage, "migrate", "--verbosity", "0"], **options)  # type: ignore[arg-type]
    with step("loading the sample county (once)"):
        run([*manage, "load_sample"], **options)  # type: ignore[arg-type]
    translations(machine)
    static_files(machine)


def translations(machine: Machine) -> None:
    """Compile the translations that changed."""
    for source in ROOT.glob("locale/*/LC_MESSAGES/*.po"):
        compiled = source.with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime:
            run(["msgfmt", "--check-format", "-o", compiled, source], log=machine.log)


def static_files(machine: Machine) -> None:
    """Collect and compress the static files when one of them changed."""
    stamp = machine.data / "static.stamp"
    mark = hashlib.sha256()
    files = [*(ROOT / "static").rglob("*"), ROOT / "package-lock.json"]
    for file in sorted(path for path in files if path.is_file()):
        mark.update(f"{file.relative_to(ROOT)} {file.stat().st_size} {file.stat().st_mtime_ns}\n".encode())
    if stamp.exists() and stamp.read_text() == mark.hexdigest():
        return
    with step("building the static files"):
        command = [
            machine.python,
            "manage.py",
            "collectstatic",
            "--no-input",
            "--clear",
            "--verbosity",
            "0",
            "-i",
            "*.map",
            "-i",
            "*-dev*",
        ]
        run(command, env=machine.environment, cwd=ROOT, log=machine.log)
    stamp.write_text(mark.hexdigest())


def start(machine: Machine, host: str, port: int, options: argparse.Namespace) -> list[Child]:
    """Start what serves, wait for it, and tell where it is."""
    children = []
    environment = {"ZAIQING_HOSTS": hosts(host), **machine.environment}
    if options.workers > 1 and "REDIS_URL" not in os.environ:
        redis, environment["REDIS_URL"] = redis_child(machine)
        children.append(redis)
    server = Child(
        "the server", uvicorn(machine.python, host, port, options.workers), env=environment, cwd=ROOT
    )
    children.append(server)
    for child in children:
        child.start()
    here = (
        f"http://{'127.0.0.1' if host in ('0.0.0.0', '::') else f'[{host}]' if ':' in host else host}:{port}"  # noqa: S104
    )
    wait_for(f"{here}/sign-in/", server)
    tell(machine, here)
    if options.demo:
        say(
            f"demo: the storm of July 2013 and the winter's relief begin; they take {options.minutes:g} minutes "
            f"(watch {here}/map/ and {here}/map/?relief=quilt as bureau)"
        )
        storm = [
            machine.python,
            "manage.py",
            "replay_storm",
            "--url",
            here,
            "--minutes",
            str(options.minutes),
        ]
        winter = [machine.python, "manage.py", "sample_winter", "--live", here]
        winter += ["--minutes", str(options.minutes)]
        for name, command in (("the demo's storm", storm), ("the demo's winter", winter)):
            replay = Child(name, command, env=environment, cwd=ROOT)
            replay.keep = lambda: None  # type: ignore[method-assign] # once is enough
            replay.start()
            children.append(replay)
    return children


def uvicorn(python: Path, host: str, port: int, workers: int) -> list[str | Path]:
    """Give the command of the ASGI server; docs/operations.md says why these options."""
    return [
        *(python, "-m", "uvicorn", "disaster.config.asgi:application"),
        *("--host", host, "--port", str(port), "--workers", str(workers)),
        *("--loop", "uvloop", "--http", "httptools", "--ws", "websockets-sansio"),
        *("--ws-per-message-deflate", "false", "--lifespan", "on"),
        *("--timeout-graceful-shutdown", "3", "--no-access-log", "--log-level", "warning"),
    ]


def hosts(host: str) -> str:
    """Name the hosts the server answers to: itself, and what it was told to listen on."""
    known = ["127.0.0.1", "localhost", "[::1]"]
    return ",".join([*known, "*"] if host in ("0.0.0.0", "::") else dict.fromkeys([*known, host]))  # noqa: S104


def redis_child(machine: Machine) -> tuple[Child, str]:
    """Give a private Redis on a unix socket, which only wakes processes and keeps nothing."""
    from machine.cluster import socket_folder

    folder = socket_folder(
        machine.data / "redis", hashlib.sha256(str(ROOT).encode()).hexdigest()[:12] + "-redis"
    )
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / "redis.sock"
    command = [
        "redis-server",
        "--port",
        "0",
        "--unixsocket",
        path,
        "--unixsocketperm",
        "700",
        "--save",
        "",
        "--appendonly",
        "no",
        "--dir",
        folder,
        "--loglevel",
        "warning",
    ]
    return Child("Redis", command, env=machine.environment, cwd=ROOT), f"unix://{path}"


def wait_for(url: str, server: Child) -> None:
    """Wait until the server answers; stop when it can't start."""
    with step("starting the server"):
        until = time.monotonic() + 90
        while time.monotonic() < until:
            try:
                urllib.request.urlopen(url, timeout=5).close()  # noqa: S310 - our own address
                return
            except urllib.error.HTTPError:
                return
            except OSError:
                if server.process and server.process.poll() is not None:
                    raise Stop("the server could not start; its words are above") from None
                time.sleep(0.1)
    raise Stop("the server does not answer")


def tell(machine: Machine, here: str) -> None:
    """Print the addresses and the sample sign-ins."""
    shown = subprocess.run(
        [machine.python, "manage.py", "load_sample", "--show"],
        env=machine.environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
    ).stdout
    print(
        f"\n灾情一张图 is running. Ctrl-C stops it.\n\n"
        f"  officer's phone  灾害信息员  {here}/field/\n"
        f"  live map         市局一张图  {here}/map/\n"
        f"  administration   管理后台    {here}/admin/\n\n{shown}",
        flush=True,
    )


def watch(children: list[Child], machine: Machine) -> None:
    """Keep everything running."""
    while True:
        time.sleep(0.5)
        for child in children:
            child.keep()


if __name__ == "__main__":
    main()
