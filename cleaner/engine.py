"""Where work runs. Two operations: a map over batches that loses no error, and a shuffle by key.

Nothing else in the package knows which engine runs.
"""

from __future__ import annotations

import math
import os
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import chain, islice
from pathlib import Path
from types import FrameType
from typing import Any, Protocol, TypeVar

from cleaner.model import Failure

In = TypeVar("In")
Out = TypeVar("Out")
Key = TypeVar("Key", bound=Hashable)

Work = Callable[[Sequence[In]], Sequence[Out]]  # a batch in; its results out, in order, each of one item or of several


class Engine(Protocol):
    """What runs the work."""

    def map(self, work: Work[In, Out], batches: Iterable[Sequence[In]]) -> Iterator[Out | Failure]:
        """The results of every batch, in order, with a Failure (with an empty `where`) for each item on which, alone, the
        work raised or its process died."""
        ...

    def shuffle(self, pairs: Iterable[tuple[Key, In]]) -> Iterator[tuple[Key, list[In]]]:
        """The values of each key together, keys in sorted order, values in the order they came in."""
        ...


class Serial:
    """Everything in this process."""

    def map(self, work: Work[In, Out], batches: Iterable[Sequence[In]]) -> Iterator[Out | Failure]:
        for batch in batches:
            yield from _attempt(work, batch)

    def shuffle(self, pairs: Iterable[tuple[Key, In]]) -> Iterator[tuple[Key, list[In]]]:
        gathered: dict[Key, list[In]] = {}
        for key, value in pairs:
            gathered.setdefault(key, []).append(value)
        for key in sorted(gathered):  # type: ignore[type-var]
            yield key, gathered[key]


class Processes(Serial):
    """Batches in worker processes.

    Each worker has a pipe of its own and one batch at a time, so that a worker that dies takes nothing else with it. (The
    standard pool shares one queue: a death in it loses everybody's work, and killing a worker can hang it for good.)

    A `timeout`, in seconds, is what an item may take: the process of one that takes longer is killed, whatever it is at, C
    code included. Without one a single batch stays in this process, since starting a worker costs more than it saves.
    """

    def __init__(self, workers: int, timeout: float | None = None) -> None:
        self.workers = workers
        self.timeout = timeout

    def map(self, work: Work[In, Out], batches: Iterable[Sequence[In]]) -> Iterator[Out | Failure]:
        rest = iter(batches)
        first = list(islice(rest, 2))
        if not first or (len(first) < 2 and self.timeout is None):
            yield from super().map(work, first)
            return
        from multiprocessing.connection import wait

        todo: Iterator[tuple[int, Sequence[In]]] = enumerate(chain(first, rest))
        workers = [_Worker(work, self.timeout) for _ in range(self.workers if len(first) > 1 else 1)]
        done: dict[int, list[Out | Failure]] = {}  # results that wait for those of an earlier batch
        turn = 0
        try:
            while True:
                # Not too far ahead of a slow batch, or everything after it would be held in memory.
                idle = (worker for worker in workers if worker.number is None)
                for worker, (number, batch) in zip(idle, islice(todo, max(0, 4 * self.workers - len(done))), strict=False):
                    worker.take(number, batch)
                busy: dict[Any, _Worker] = {worker.pipe: worker for worker in workers if worker.number is not None}
                if not busy and not done:
                    return
                answered = wait(list(busy), _until(busy.values())) if busy else ()
                now = time.monotonic()
                for pipe, worker in busy.items():
                    if (pipe in answered or worker.until <= now) and worker.goes_on(pipe in answered):
                        done[worker.number or 0], worker.number = worker.results, None
                while turn in done:
                    yield from done.pop(turn)
                    turn += 1
        finally:
            for worker in workers:
                worker.stop()


def _until(workers: Iterable[_Worker]) -> float | None:
    """The seconds until the first of the workers is to be killed; None where that is never."""
    first = min(worker.until for worker in workers)
    return None if first == math.inf else max(0.0, first - time.monotonic())


class _Worker:
    """A process, the pipe to it, and the batch that it is at.

    Where the process dies of a batch, or the time is up, the batch is done again an item at a time, so that only the item
    that was the reason fails: of a death at the second try, alone.
    """

    def __init__(self, work: Work[Any, Any], timeout: float | None) -> None:
        self.work, self.timeout = work, timeout
        self.number: int | None = None
        self.results: list[Any] = []
        self.until = math.inf  # when the process is killed
        self._parts: deque[tuple[Sequence[Any], bool]] = deque()  # of the batch; and whether it is the second try
        self._start()

    def _start(self) -> None:
        import multiprocessing

        self.pipe, theirs = multiprocessing.Pipe()
        self.process = multiprocessing.Process(target=_serve, args=(self.work, theirs, os.getpid()), daemon=True)
        self.process.start()
        theirs.close()  # else the worker's death would not close the pipe

    def take(self, number: int, batch: Sequence[Any]) -> None:
        """Give the idle worker a batch."""
        self.number, self.results = number, []
        self._parts.append((batch, False))
        self._send()

    def _send(self) -> None:
        self.until = time.monotonic() + self.timeout if self.timeout else math.inf
        with suppress(BrokenPipeError, ConnectionResetError):  # a dead worker is noticed when its results are read
            self.pipe.send(self._parts[0][0])

    def goes_on(self, answered: bool) -> bool:
        """Take what the process answered, or kill it where its time is up; whether the batch is done."""
        items, again = self._parts.popleft()
        found = self._received() if answered else None
        if found is not None:
            self.results += found
        else:
            self.stop()
            self._start()
            if len(items) > 1:
                self._parts.extendleft(([item], True) for item in reversed(items))
            elif answered and not again:
                self._parts.appendleft((items, True))
            else:
                why = "the worker process died" if answered else f"took longer than {self.timeout:g} s"
                self.results.append(Failure("", why, lost=True))
        if not self._parts:
            return True
        self._send()
        return False

    def _received(self) -> list[Any] | None:
        try:
            return list(self.pipe.recv())
        except (EOFError, OSError):
            return None

    def stop(self) -> None:
        """End the process, whatever it is at."""
        self.process.kill()
        self.process.join()
        self.pipe.close()


def _serve(work: Work[Any, Any], pipe: Any, parent: int) -> None:
    """In a worker: batches in, results out, until the pipe closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent's to handle
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    _die_with(parent)
    with suppress(EOFError, BrokenPipeError, ConnectionResetError):
        while True:
            pipe.send(_attempt(work, pipe.recv()))


def _die_with(parent: int) -> None:
    """Have this process killed when its parent ends, however that ends: one in the middle of a batch would not notice."""
    if sys.platform == "linux":
        import ctypes

        with suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)


_PR_SET_PDEATHSIG = 1  # of sys/prctl.h


def _attempt(work: Work[In, Out], batch: Sequence[In]) -> list[Out | Failure]:
    """The results of a batch; where the work raises, it is done again an item at a time, to fail only where it must."""
    try:
        return list(work(batch))
    except Exception as error:
        if len(batch) == 1:
            return [Failure("", f"{type(error).__name__}: {' '.join(str(error).split())}")]
        return [result for item in batch for result in _attempt(work, [item])]


@contextmanager
def stopped_at_once() -> Iterator[None]:
    """Within this, SIGINT and SIGTERM end the process in a second and a half, whatever it is at: unwinding may take longer
    on a machine that is busy. An interrupt that falls into a finaliser, or into the set-up of a compiled module that clears
    errors (numpy's), is lost: what ends in that time anyway ends as what was told to stop.

    Workers end with it: `_die_with`.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    told: list[int] = []

    def stop(number: int, frame: FrameType | None) -> None:
        told.append(number)
        last = threading.Timer(_PATIENCE, os._exit, (128 + number,))
        last.daemon = True
        last.start()
        handler = before[signal.Signals(number)]
        if callable(handler):
            handler(number, frame)

    try:
        for number, handler in before.items():
            if callable(handler):  # not where it is ignored
                signal.signal(number, stop)
        yield
        if told:
            stop(told[0], None)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


_PATIENCE = 1.5  # seconds


def engine(workers: int = 0, kind: str = "", timeout: float | None = None) -> Engine:
    """The engine of a kind for a number of workers, 0 for one a core that may be used; where no kind is told, one worker is
    none beside this process. `timeout` is what an item may take, in worker processes."""
    _hold_memory()
    workers = workers or cores()
    return Serial() if kind == "serial" or (not kind and workers == 1) else Processes(workers, timeout)


def cores(cgroups: Path = Path("/sys/fs/cgroup")) -> int:
    """The cores that this process may use: by its affinity, and by the limit of its control group, rounded up."""
    found = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    for names in (("cpu.max",), ("cpu/cpu.cfs_quota_us", "cpu/cpu.cfs_period_us")):  # version 2, version 1
        try:
            quota, period = " ".join((cgroups / name).read_text() for name in names).split()
            if int(quota) > 0:
                found = min(found, math.ceil(int(quota) / int(period)))
        except (OSError, ValueError):  # "max" is no number
            pass
    return max(1, found)


def _hold_memory() -> None:
    """Tell glibc to keep memory that was freed: numpy asks for the same megabytes again with every batch, and getting them
    from the system anew took an eighth of the time."""
    if sys.platform != "linux":
        return
    import ctypes

    with suppress(OSError, AttributeError):  # another C library than glibc
        for parameter, size in ((_TRIM_THRESHOLD, 64 << 20), (_TOP_PAD, 16 << 20), (_MMAP_THRESHOLD, 32 << 20)):
            ctypes.CDLL(None).mallopt(parameter, size)


_TRIM_THRESHOLD, _TOP_PAD, _MMAP_THRESHOLD = -1, -2, -3  # of malloc.h


def batches(items: Iterable[In], size: Callable[[In], int], most: int = 128, largest: int = 400_000) -> Iterator[list[In]]:
    """Items in batches of at most `most`, and of hardly more than `largest` by the sum of their sizes.

    What numpy makes of more would not stay in a core's cache: half as fast.
    """
    batch: list[In] = []
    total = 0
    for item in items:
        batch.append(item)
        total += size(item)
        if len(batch) >= most or total >= largest:
            yield batch
            batch, total = [], 0
    if batch:
        yield batch
