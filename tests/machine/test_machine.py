"""What can go wrong on a machine: paths, ports, packages, secrets, a cluster cut short."""

from __future__ import annotations

import os
import signal
import socket
import stat
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from machine import browser, children, cluster, packages, ports, python, serve, setup
from machine.steps import Stop, run

from disaster.config import env

# Paths and ports


@pytest.mark.parametrize(
    ("wish", "is_taken"),
    [
        ("/srv/run", True),
        ("/a path/with spaces", True),
        ("/x" * 60, False),
        ("/a,b", False),
        ("/it's", False),
        ("/文" * 30, False),
    ],
)
def test_a_socket_folder_is_short_and_plain(wish: str, is_taken: bool) -> None:
    chosen = cluster.socket_folder(Path(wish), "abc")
    assert (chosen == Path(wish)) == is_taken
    assert len(os.fsencode(chosen / ".s.PGSQL.5432.lock")) <= 107


def test_an_address_with_spaces_reaches_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    made = cluster.Cluster(Path("/x"), Path("/a path/with spaces & more/run"), "me")
    monkeypatch.setenv("DATABASE_URL", made.url)
    read = env.env_database()
    assert (read["HOST"], read["NAME"], read["USER"]) == (
        "/a path/with spaces & more/run",
        "zaiqing",
        "zaiqing",
    )


def test_a_taken_port_names_its_holder() -> None:
    with closing(socket.socket()) as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        assert not ports.is_free("127.0.0.1", port)
        assert str(os.getpid()) in ports.holder(port)
    assert ports.is_free("127.0.0.1", port)
    assert ports.holder(port) == ""


@pytest.mark.parametrize(
    ("port", "words"), [("abc", "not a number"), ("-1", "no port"), ("70000", "no port")]
)
def test_a_wrong_port_is_said(monkeypatch: pytest.MonkeyPatch, port: str, words: str) -> None:
    monkeypatch.setenv("PORT", port)
    with pytest.raises(Stop, match=words):
        serve.address()


def test_a_port_in_use_stops_before_anything_long(monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(socket.socket()) as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        monkeypatch.setenv("PORT", str(listener.getsockname()[1]))
        with pytest.raises(Stop, match=f"port {listener.getsockname()[1]} .* in use"):
            serve.address()


def test_hosts_follow_the_address() -> None:
    assert serve.hosts("192.168.1.5").split(",") == ["127.0.0.1", "localhost", "[::1]", "192.168.1.5"]
    assert serve.hosts("0.0.0.0").endswith("*")


def test_a_folder_in_a_closed_home_can_not_be_entered(tmp_path: Path) -> None:
    home = Path(tempfile.mkdtemp(dir="/tmp"))
    (home / "clone").mkdir()
    home.chmod(0o700)
    assert not cluster.can_enter("nobody", home / "clone")
    home.chmod(0o711)
    assert cluster.can_enter("nobody", home / "clone")
    (home / "clone").rmdir()
    home.rmdir()


# Packages, locks, secrets


def test_without_root_the_missing_packages_are_named_exactly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages, "is_installed", lambda name: name != "gettext")
    monkeypatch.setattr(packages, "_become_root", lambda: None)
    with pytest.raises(Stop) as caught:
        packages.ensure(for_tests=False)
    assert "apt-get install --no-install-recommends gettext\n" in str(caught.value)
    assert caught.value.code != 0


def test_nothing_missing_installs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages, "is_installed", lambda name: True)
    monkeypatch.setattr(packages, "run", lambda *a, **k: pytest.fail("nothing is to be run"))
    packages.ensure(for_tests=True)


def test_a_package_that_does_not_exist_is_missing() -> None:
    assert packages.missing(["dpkg", "no-such-package-anywhere"]) == ["no-such-package-anywhere"]


def test_secrets_are_made_once_and_are_nobody_elses_business(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("ZAIQING_SECRET_KEY", "ZAIQING_FIELD_KEY"):
        monkeypatch.delenv(name, raising=False)
    first = {name: Path(file).read_text() for name, file in setup.keys(tmp_path).items()}
    assert {name: Path(file).read_text() for name, file in setup.keys(tmp_path).items()} == first
    assert len(first["ZAIQING_FIELD_KEY_FILE"]) == 64
    for file in setup.keys(tmp_path).values():
        assert stat.S_IMODE(Path(file).stat().st_mode) == 0o600
    monkeypatch.setenv("ZAIQING_SECRET_KEY", "given")
    assert "ZAIQING_SECRET_KEY_FILE" not in setup.keys(tmp_path)


def test_an_interpreter_of_the_right_age_is_found() -> None:
    assert python._fits(python.interpreter())
    assert not python._fits("/bin/true-not-there")


def test_libraries_already_there_are_not_fetched_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "package-lock.json").write_text("{}")
    (tmp_path / "node_modules").mkdir()
    calls: list[object] = []
    monkeypatch.setattr(browser, "run", lambda *a, **k: calls.append(a))
    browser.ensure(tmp_path, tmp_path, for_tests=True)
    browser.ensure(tmp_path, tmp_path, for_tests=True)
    browser.ensure(tmp_path, tmp_path, for_tests=False)  # all of them hold the few
    assert len(calls) == 1
    (tmp_path / "package-lock.json").write_text('{"new": 1}')
    browser.ensure(tmp_path, tmp_path, for_tests=False)
    assert len(calls) == 2


def test_a_failed_command_shows_its_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(Stop, match="failed"):
        run(["sh", "-c", "echo the reason; exit 3"], log=tmp_path / "log")
    assert "the reason" in capsys.readouterr().out


def test_a_fallen_child_is_started_again_and_dies_with_us(tmp_path: Path) -> None:
    child = children.Child("sleeper", ["sleep", "60"], env=dict(os.environ), cwd=tmp_path)
    child.start()
    assert child.process is not None
    first = child.process.pid
    os.kill(first, signal.SIGKILL)
    child.process.wait(10)
    child._pause = 0.0
    child.keep()
    assert child.process.pid != first
    assert child.process.poll() is None
    child.stop()
    assert child.process.poll() is not None


# A real cluster


def test_who_may_enter_is_said_by_two_lines_only() -> None:
    assert cluster.hba() == "local all all peer map=zaiqing\n"
    assert cluster.ident("postgres", "root").splitlines() == [
        *(
            "zaiqing postgres zaiqing",
            "zaiqing postgres postgres",
            "zaiqing root zaiqing",
            "zaiqing root postgres",
        )
    ]


@pytest.fixture
def home() -> Iterator[Path]:
    """A path with spaces that the cluster's user can enter."""
    with tempfile.TemporaryDirectory(prefix="zq machine ") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.mark.slow
def test_a_cluster_in_a_path_with_spaces_survives_kill_and_a_set_up_cut_short(home: Path) -> None:
    made = cluster.place(home, home / "data")
    made.folder.mkdir(parents=True)
    (made.folder / "half").write_text("made")  # initdb was cut short here
    assert cluster.start(made, home)
    try:
        cluster.ensure_database(made)
        cluster.ensure_database(made)
        with psycopg.connect(made.url, autocommit=True) as connection:
            connection.execute("CREATE TABLE kept AS SELECT postgis_version()")
            settings = dict(
                connection.execute(
                    "SELECT name, setting FROM pg_settings WHERE name IN"
                    " ('listen_addresses', 'fsync', 'synchronous_commit', 'data_checksums')"
                ).fetchall()
            )
            superuser = connection.execute(
                "SELECT rolsuper FROM pg_roles WHERE rolname = current_user"
            ).fetchone()
        lasting = dict.fromkeys(("fsync", "synchronous_commit", "data_checksums"), "on")
        assert settings == {"listen_addresses": "", **lasting}
        assert superuser == (False,)
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(made.url.replace("zaiqing@/", "somebody@/"))
        assert not cluster.start(made, home), "a second script finds it running, and will not stop it"
        postmaster = int((made.folder / "postmaster.pid").read_text().split()[0])
        os.kill(postmaster, signal.SIGKILL)
        assert cluster.start(made, home)
        with psycopg.connect(made.url) as connection:
            assert connection.execute("SELECT count(*) FROM kept").fetchone() == (1,)
    finally:
        cluster.stop(made)
    assert not cluster.is_up(made)


def test_pictures_leave_a_database_of_somebodys_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for module, name in ((packages, "ensure"), (browser, "ensure"), (cluster, "ensure_database")):
        monkeypatch.setattr(module, name, lambda *_, **__: None)
    monkeypatch.setattr(python, "ensure", lambda *_, **__: Path("python3"))
    monkeypatch.setattr(cluster, "start", lambda *_: False)
    monkeypatch.setenv("ZAIQING_DATA", str(tmp_path))
    monkeypatch.setenv("DATABASE_URL", "postgresql://real@db.example/real")
    assert setup.prepare(for_tests=True).environment["DATABASE_URL"] == "postgresql://real@db.example/real"
    machine = setup.prepare(for_tests=True, private=True)
    assert machine.cluster is not None
    assert machine.environment["DATABASE_URL"] == machine.cluster.url
    assert "DATABASE_URL is left alone" in capsys.readouterr().out
