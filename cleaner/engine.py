"""Where work runs. Two operations: a map over batches that loses no error, and a shuffle by key.

Nothing else in the package knows which engine runs.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import chain, islice
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
    """Batches in worker processes; a single batch stays in this one, since starting a worker costs more than it saves.

    Each worker has a pipe of its own and one batch at a time, so that a worker that dies takes nothing else with it. (The
    standard pool shares one queue: a death in it loses everybody's work, and killing a worker can hang it for good.)
    """

    def __init__(self, workers: int) -> None:
        self.workers = workers

    def map(self, work: Work[In, Out], batches: Iterable[Sequence[In]]) -> Iterator[Out | Failure]:
        rest = iter(batches)
        first = list(islice(rest, 2))
        if len(first) < 2:
            yield from super().map(work, first)
            return
        from multiprocessing.connection import wait

        todo: Iterator[tuple[int, Sequence[In]]] = enumerate(chain(first, rest))
        workers = [_Worker(work) for _ in range(self.workers)]
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
                for pipe in wait(list(busy)) if busy else ():
                    number, results = busy[pipe].results()
                    done[number] = results
                while turn in done:
                    yield from done.pop(turn)
                    turn += 1
        finally:
            for worker in workers:
                worker.stop()


class _Worker:
    """A process, the pipe to it, and the batch that it is at."""

    def __init__(self, work: Work[Any, Any]) -> None:
        self.work = work
        self.number: int | None = None
        self.batch: Sequence[Any] = ()
        self._start()

    def _start(self) -> None:
        import multiprocessing

        self.pipe, theirs = multiprocessing.Pipe()
        self.process = multiprocessing.Process(target=_serve, args=(self.work, theirs), daemon=True)
        self.process.start()
        theirs.close()  # else the worker's death would not close the pipe

    def take(self, number: int, batch: Sequence[Any]) -> None:
        """Give the idle worker a batch."""
        self.number, self.batch = number, batch
        self._send(batch)

    def _send(self, batch: Sequence[Any]) -> None:
        with suppress(BrokenPipeError, ConnectionResetError):  # a dead worker is noticed when its results are read
            self.pipe.send(batch)

    def results(self) -> tuple[int, list[Any]]:
        """The batch's number and its results.

        Where the worker died of it, the batch is done again an item at a time, so that only the item that kills it fails.
        """
        number, batch = self.number or 0, self.batch
        self.number, self.batch = None, ()
        found = self._received()
        if found is not None:
            return number, found
        results: list[Any] = []
        for item in batch:
            self._send([item])
            results += self._received() or [Failure("", "the worker process died")]
        return number, results

    def _received(self) -> list[Any] | None:
        try:
            return list(self.pipe.recv())
        except (EOFError, OSError):
            self.stop()
            self._start()
            return None

    def stop(self) -> None:
        """End the process, whatever it is at."""
        self.process.kill()
        self.process.join()
        self.pipe.close()


def _serve(work: Work[Any, Any], pipe: Any) -> None:
    """In a worker: batches in, results out, until the pipe closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent's to handle
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    with suppress(EOFError, BrokenPipeError, ConnectionResetError):
        while True:
            pipe.send(_attempt(work, pipe.recv()))


def _attempt(work: Work[In, Out], batch: Sequence[In]) -> list[Out | Failure]:
    """The results of a batch; where the work raises, it is done again an item at a time, to fail only where it must."""
    try:
        return list(work(batch))
    except Exception as error:
        if len(batch) == 1:
            return [Failure("", f"{type(error).__name__}: {' '.join(str(error).split())}")]
        return [result for item in batch for result in _attempt(work, [item])]


def engine(workers: int = 0) -> Engine:
    """The engine for a number of workers: 0 for one a processor, 1 for none beside this process."""
    _hold_memory()
    workers = workers or len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else workers or os.cpu_count() or 1
    return Processes(workers) if workers > 1 else Serial()


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
