"""The journal: one order for all readers, and proof that nothing was changed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from disaster.journal import append, read, seal
from disaster.journal.models import Entry, Life, Seal
from disaster.journal.verbs import VERBS
from disaster.journal.verify import Witness, verify
from gis.scope import AreaScope
from tests.sealing import seal_everything

VILLAGE, OTHER, COUNTY = "340882101201", "340882102201", "340882000000"


@pytest.fixture(autouse=True)
def _a_life_has_begun(request: pytest.FixtureRequest) -> None:
    """A new life waits for all writers; here it begins before there are any, as at a first start."""
    marker = request.node.get_closest_marker("django_db")
    transactional = "transactional_db" in request.fixturenames or (
        marker and marker.kwargs.get("transaction")
    )
    request.getfixturevalue("transactional_db" if transactional else "db")
    seal.current_life()


@pytest.fixture(autouse=True)
def _a_verb_of_the_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(VERBS, "thing.done", ("做了", "done"))


@pytest.mark.django_db
def test_a_verb_nobody_listed_is_refused() -> None:
    del VERBS["thing.done"]
    with pytest.raises(ValueError, match=r"thing\.done"):
        write()


def write(name: str = "x", area: str = VILLAGE, *, downward: bool = False) -> None:
    append.one(
        "thing.done",
        object_kind="thing",
        object_id=name,
        area_code=area,
        put=[{"object": "thing", "id": name}],
        by=None,
        at=datetime.now(UTC),
        downward=downward,
    )


class Session(threading.Thread):
    """A writer of its own, told step by step what to do, so that every interleaving can be forced."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self._orders: list[tuple[Callable[[], None], threading.Event]] = []
        self._ready = threading.Condition()
        self._open = True
        self.start()

    def run(self) -> None:
        while True:
            with self._ready:
                self._ready.wait_for(lambda: self._orders or not self._open)
                if not self._orders:
                    break
                order, done = self._orders.pop(0)
            order()
            done.set()
        connection.close()

    def do(self, order: Callable[[], None]) -> None:
        done = threading.Event()
        with self._ready:
            self._orders.append((order, done))
            self._ready.notify()
        assert done.wait(20)

    def begin(self) -> None:
        self.do(lambda: transaction.set_autocommit(False))

    def write(self, name: str) -> None:
        def order() -> None:
            connection.in_atomic_block = True  # the transaction is ours to end
            write(name)
            connection.in_atomic_block = False

        self.do(order)

    def end(self, *, commit: bool) -> None:
        self.do(lambda: transaction.commit() if commit else transaction.rollback())
        self.do(lambda: transaction.set_autocommit(True))

    def close(self) -> None:
        with self._ready:
            self._open = False
            self._ready.notify()
        self.join(20)


@contextmanager
def sessions(count: int) -> Iterator[list[Session]]:
    opened = [Session() for _ in range(count)]
    try:
        yield opened
    finally:
        for session in opened:
            session.close()


def names(rows: list[read.Told]) -> list[str]:
    return [row.object_id for row in rows]


@pytest.mark.django_db(transaction=True)
def test_a_reader_by_row_number_would_skip_a_late_commit() -> None:
    """The trap itself: without it the next test would prove nothing."""
    with sessions(2) as (slow, quick):
        slow.begin()
        slow.write("early")
        quick.begin()
        quick.write("late")
        quick.end(commit=True)
        seen = Entry.objects.order_by("-id").first()
        assert seen is not None
        slow.end(commit=True)
        skipped = Entry.objects.exclude(id__gt=seen.id).exclude(id=seen.id)
        assert [entry.object_id for entry in skipped] == ["early"]


@pytest.mark.django_db(transaction=True)
def test_a_late_commit_is_not_overtaken() -> None:
    with sessions(2) as (slow, quick):
        slow.begin()
        slow.write("early")
        quick.begin()
        quick.write("late")
        quick.end(commit=True)
        assert seal.seal_all() == 0, "the later row waits for the earlier transaction"
        slow.end(commit=True)
    assert seal_everything() == 2
    assert names(read.after(0, limit=10)) == ["early", "late"]


STEPS = st.lists(
    st.tuples(st.integers(0, 3), st.sampled_from(["write", "commit", "rollback", "read"])), max_size=40
)


@pytest.mark.django_db(transaction=True)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_every_committed_row_is_read_once_and_in_one_order(steps: list[tuple[int, str]]) -> None:
    start = seal.head().position
    committed: set[str] = set()
    reader: list[read.Told] = []
    with sessions(4) as opened:
        pending: dict[int, list[str]] = {}
        for number, (who, what) in enumerate(steps):
            session = opened[who]
            if what == "write":
                if who not in pending:
                    session.begin()
                    pending[who] = []
                pending[who].append(f"{start}-{number}")
                session.write(pending[who][-1])
            elif what == "read":
                seal.seal_all()
                reader += read.after(reader[-1].position if reader else start, limit=1000)
            elif who in pending:
                session.end(commit=what == "commit")
                if what == "commit":
                    committed.update(pending[who])
                del pending[who]
        for who in pending:
            opened[who].end(commit=False)
    seal_everything()
    reader += read.after(reader[-1].position if reader else start, limit=1000)
    assert len(names(reader)) == len(set(names(reader)))
    assert set(names(reader)) == committed
    assert [row.position for row in reader] == list(range(start + 1, start + 1 + len(reader)))
    assert verify().faults == []


@pytest.mark.django_db(transaction=True)
def test_many_writers_at_full_speed_leave_no_hole() -> None:
    def writer(who: int) -> None:
        for number in range(25):
            with transaction.atomic():
                write(f"{who}-{number}")
        connection.close()

    threads = [threading.Thread(target=writer, args=(who,)) for who in range(6)]
    for thread in threads:
        thread.start()
    seen: list[read.Told] = []
    while any(thread.is_alive() for thread in threads):
        seal.seal_all()
        seen += read.after(seen[-1].position if seen else 0, limit=1000)
    seal_everything()
    seen += read.after(seen[-1].position if seen else 0, limit=1000)
    assert [row.position for row in seen] == list(range(1, 151))
    for who in range(6):
        assert [row.object_id for row in seen if row.object_id.startswith(f"{who}-")] == [
            f"{who}-{n}" for n in range(25)
        ]


@pytest.mark.django_db(transaction=True)
def test_only_one_session_holds_the_lock() -> None:
    assert seal.hold_lock()
    held: list[bool] = []
    with sessions(1) as (other,):
        other.do(lambda: held.append(seal.hold_lock()))
    seal.release_lock()
    assert held == [False]


@pytest.mark.django_db(transaction=True)
def test_a_restore_into_another_cluster_begins_a_new_life() -> None:
    with transaction.atomic():
        write("before")
    seal_everything()
    first = seal.current_life()
    with transaction.atomic():
        write("left over")
    with connection.cursor() as cursor:  # as the backup of another cluster would look here
        cursor.execute("ALTER TABLE journal_life DISABLE TRIGGER append_only")
        cursor.execute("UPDATE journal_life SET cluster = 'elsewhere/1'")
        cursor.execute("ALTER TABLE journal_life ENABLE TRIGGER append_only")
        cursor.execute("ALTER TABLE journal_entry DISABLE TRIGGER append_only")
        cursor.execute("UPDATE journal_entry SET xact = xact + 1000000000")
        cursor.execute("ALTER TABLE journal_entry ENABLE TRIGGER append_only")
    second = seal.current_life()
    assert second.epoch != first.epoch
    with transaction.atomic():
        write("after")
    seal_everything()
    assert names(read.after(0, limit=10)) == ["before", "left over", "after"]
    assert verify().faults == []
    assert seal.current_life() == second
    assert Life.objects.count() == 2


@pytest.mark.django_db
def test_writing_outside_a_transaction_is_refused() -> None:
    connection.in_atomic_block, inside = False, connection.in_atomic_block
    try:
        with pytest.raises(transaction.TransactionManagementError):
            write()
    finally:
        connection.in_atomic_block = inside


@pytest.mark.django_db
@pytest.mark.parametrize("statement", ["UPDATE journal_entry SET actor = 'x'", "DELETE FROM journal_seal"])
def test_the_database_refuses_to_change_the_journal(statement: str) -> None:
    write()
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


@pytest.fixture
def ten_sealed(transactional_db: None) -> Witness:
    for number in range(10):
        with transaction.atomic():
            write(str(number))
    seal_everything()
    return verify().head


def tamper(statement: str) -> None:
    tables = ("journal_entry", "journal_seal")
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER append_only")
        cursor.execute(statement)
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER append_only")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal_entry SET put = '[]' WHERE object_id = '4'",
        "UPDATE journal_entry SET area_code = '340882102201' WHERE object_id = '0'",
        "UPDATE journal_entry SET at = at + interval '1 microsecond' WHERE object_id = '9'",
        "UPDATE journal_entry SET actor_id = 7 WHERE object_id = '5'",
        "DELETE FROM journal_entry WHERE object_id = '3'",
        "DELETE FROM journal_seal WHERE position = 6",
        "UPDATE journal_seal SET hash = decode(repeat('00', 32), 'hex') WHERE position = 2",
    ],
)
def test_tampering_is_found(ten_sealed: Witness, statement: str) -> None:
    assert verify().faults == []
    tamper(statement)
    assert verify().faults


def test_a_cut_tail_is_found_by_a_witness_only(ten_sealed: Witness) -> None:
    tamper("DELETE FROM journal_seal WHERE position > 7")
    assert verify().faults == []
    assert "witness" in verify([ten_sealed]).faults[0]


def test_a_full_rewrite_is_found_by_a_witness_only(ten_sealed: Witness) -> None:
    tamper("UPDATE journal_entry SET actor = 'forger'")
    tamper("DELETE FROM journal_seal")
    seal_everything()
    assert Seal.objects.count() == 10
    assert verify().faults == []
    assert verify([ten_sealed]).faults


@pytest.mark.django_db(transaction=True)
def test_readers_get_their_area_and_what_concerns_it_from_above() -> None:
    with transaction.atomic():
        write("mine", VILLAGE)
        write("theirs", OTHER)
        write("county", COUNTY)
        write("for all", COUNTY, downward=True)
    seal_everything()
    village = AreaScope.of([VILLAGE])
    assert names(read.after(0, limit=10, scope=village)) == ["mine", "for all"]
    assert [row.object_id for row in read.after(0, limit=10) if row.concerns(village)] == ["mine", "for all"]
    assert len(read.after(0, limit=10, scope=AreaScope.of([COUNTY]))) == 4
