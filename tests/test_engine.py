"""The two operations of the engines: a map that loses no error, and a shuffle by key."""

import ctypes
import os
import random
import signal
import subprocess
import sys
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path

import pytest
from samples import TOO_LONG

from cleaner import engine
from cleaner.model import Failure


def double(batch):
    return [2 * item for item in batch]


def refuse_seven(batch):
    if 7 in batch:
        raise ValueError("not\nseven")
    return double(batch)


def die_of_seven(batch):
    if 7 in batch:
        os._exit(9)
    return double(batch)


def die_of_sevens(batch):
    if any(item % 10 == 7 for item in batch):
        os._exit(9)
    return double(batch)


def die_while_answering_seven(batch):
    if 7 in batch:

        def half(self, buffer, write=None):
            os.write(self.fileno(), bytes(buffer)[:3])
            os._exit(9)

        Connection._send = half
    return double(batch)


def hang_at_seven(batch):
    if 7 in batch:
        ctypes.PyDLL(None).usleep(600_000_000)  # C code that holds the interpreter: no signal's handler would run
    return double(batch)


def die_once(batch):
    if 7 in batch and not os.path.exists(os.environ["CLEANER_TEST_MARK"]):
        open(os.environ["CLEANER_TEST_MARK"], "w").close()
        os._exit(9)
    return double(batch)


def cannot_travel(batch):
    return [(lambda: None) if item == 7 else 2 * item for item in batch]


def where_it_ran(batch):
    return [os.getpid() for _ in batch]


def by_remainder(parts, batch):
    return [[n for n in batch if n % parts == part] for part in range(parts)]


def in_one(pieces):
    return [n for piece in pieces for n in piece]


def in_batches(items, size):
    items = list(items)
    return [items[i : i + size] for i in range(0, len(items), size)]


ENGINES = [engine.Serial(), engine.Processes(2), engine.Processes(5)]


@pytest.mark.parametrize("runner", ENGINES)
@pytest.mark.parametrize("size", [1, 3, 100])
def test_results_come_in_order(runner, size):
    assert list(runner.map(double, in_batches(range(40), size))) == [2 * n for n in range(40)]
    assert list(runner.map(double, [])) == []


@pytest.mark.parametrize("runner", ENGINES)
def test_an_item_that_raises_fails_alone(runner):
    found = list(runner.map(refuse_seven, in_batches(range(20), 4)))
    assert [n for n, result in enumerate(found) if isinstance(result, Failure)] == [7]
    assert found[7].where == ""
    assert "ValueError" in found[7].reason
    assert "\n" not in found[7].reason
    assert found[:7] + found[8:] == [2 * n for n in range(20) if n != 7]


@pytest.mark.parametrize("runner", ENGINES[1:])
@pytest.mark.parametrize(("work", "fatal"), [(die_of_seven, [7]), (die_of_sevens, [7, 17, 27])])
def test_an_item_that_kills_its_worker_fails_alone(runner, work, fatal):
    found = list(runner.map(work, in_batches(range(30), 4)))
    assert [n for n, result in enumerate(found) if isinstance(result, Failure)] == fatal
    assert [result for result in found if not isinstance(result, Failure)] == [2 * n for n in range(30) if n not in fatal]


@pytest.mark.parametrize("size", [1, 4, 100])
def test_an_item_over_its_time_fails_alone(size):
    found = list(engine.Processes(2, timeout=0.5).map(hang_at_seven, in_batches(range(20), size)))
    assert [n for n, result in enumerate(found) if isinstance(result, Failure)] == [7]
    assert (found[7].reason, found[7].lost) == ("took longer than 0.5 s", True)
    assert found[:7] + found[8:] == [2 * n for n in range(20) if n != 7]


@pytest.mark.parametrize("size", [1, 4])
def test_a_worker_that_is_killed_once_costs_nothing(size, tmp_path, monkeypatch):
    monkeypatch.setenv("CLEANER_TEST_MARK", str(tmp_path / "mark"))
    assert list(engine.Processes(2).map(die_once, in_batches(range(20), size))) == [2 * n for n in range(20)]
    assert (tmp_path / "mark").exists()


def test_a_worker_that_dies_in_the_middle_of_its_answer_blocks_nobody():
    """In a process of its own, which can be given up if it hangs."""
    code = (
        "import test_engine as t\n"
        "for r in t.engine.Processes(2).map(t.die_while_answering_seven, t.in_batches(range(20), 4)): print(r)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code],
        cwd=Path(__file__).parent,
        capture_output=True,
        text=True,
        timeout=TOO_LONG,
        check=False,
    )
    found = ran.stdout.splitlines()
    assert [n for n, line in enumerate(found) if line.startswith("Failure")] == [7], ran.stderr
    assert found[:7] + found[8:] == [str(2 * n) for n in range(20) if n != 7]


def test_a_result_that_cannot_travel_fails_alone():
    found = list(engine.Processes(2).map(cannot_travel, in_batches(range(20), 4)))
    assert [n for n, result in enumerate(found) if isinstance(result, Failure)] == [7]
    assert found[:7] + found[8:] == [2 * n for n in range(20) if n != 7]


def test_several_workers_share_the_work_and_one_stays_here():
    assert set(engine.Serial().map(where_it_ran, in_batches(range(9), 2))) == {os.getpid()}
    assert os.getpid() not in set(engine.Processes(2).map(where_it_ran, in_batches(range(9), 2)))


def test_batches_are_asked_for_as_they_are_needed():
    """A stream of any length: only a few batches may be taken ahead of the results."""
    taken = []

    def stream():
        for n in range(1000):
            taken.append(n)
            yield [n]

    results = engine.Processes(2).map(double, stream())
    assert next(results) == 0
    assert len(taken) < 50
    results.close()


@pytest.mark.parametrize("meanwhile", ["time.sleep(60)", "pass"])
def test_an_interrupt_that_is_lost_ends_it_all_the_same(meanwhile):
    code = (
        "import os, signal, time\n"
        "from cleaner.engine import stopped_at_once\n"
        "with stopped_at_once():\n"
        "    try:\n"
        "        os.kill(os.getpid(), signal.SIGINT)\n"
        "        time.sleep(60)\n"
        "    except KeyboardInterrupt:\n"
        f"        {meanwhile}\n"
    )
    command = [sys.executable, "-c", f"import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n{code}"]
    ended = subprocess.run(command, timeout=TOO_LONG, check=False, stderr=subprocess.DEVNULL).returncode
    assert ended in (130, -signal.SIGINT)  # the second is the interpreter's own end by KeyboardInterrupt


@pytest.mark.parametrize("runner", ENGINES)
@pytest.mark.parametrize("parts", [1, 3])
def test_shuffle_brings_the_values_of_a_key_together(runner, parts):
    numbers = [random.Random(n).randrange(99) for n in range(100)]
    found = list(runner.shuffle(in_batches(numbers, 30), parts, partial(by_remainder, parts), in_one))
    assert found == [[n for n in numbers if n % parts == part] for part in range(parts)]
    assert list(runner.shuffle([], parts, partial(by_remainder, parts), in_one)) == [[]] * parts


def test_the_number_of_workers_chooses_the_engine():
    assert type(engine.engine(1)) is engine.Serial
    assert isinstance(engine.engine(3), engine.Processes)
    assert engine.engine(3).workers == 3


@pytest.mark.skipif(not hasattr(os, "sched_getaffinity"), reason="processors are counted otherwise")
def test_no_number_of_workers_is_one_a_processor(monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(5)))
    assert engine.engine(0).workers == engine.engine().workers == 5
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {3})
    assert type(engine.engine()) is engine.Serial


@pytest.mark.parametrize(
    ("files", "least"),
    [
        ({}, 64),
        ({"cpu.max": "max 100000\n"}, 64),
        ({"cpu.max": "150000 100000\n"}, 2),
        ({"cpu/cpu.cfs_quota_us": "-1\n", "cpu/cpu.cfs_period_us": "100000\n"}, 64),
        ({"cpu/cpu.cfs_quota_us": "300000\n", "cpu/cpu.cfs_period_us": "100000\n"}, 3),
    ],
)
@pytest.mark.skipif(not hasattr(os, "sched_getaffinity"), reason="processors are counted otherwise")
def test_the_limit_of_a_control_group_counts(monkeypatch, tmp_path, files, least):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(64)))
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(content)
    assert engine.cores(tmp_path) == least


def test_batches_are_bounded_by_number_and_by_size():
    sizes = [random.Random(n).randrange(50) for n in range(200)]
    found = list(engine.batches(iter(sizes), lambda size: size, most=10, largest=100))
    assert [size for batch in found for size in batch] == sizes
    assert all(0 < len(batch) <= 10 and sum(batch[:-1]) < 100 for batch in found)
