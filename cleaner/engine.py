"""Where work runs. Two operations: a map over batches that loses no error, and a shuffle by key.

Nothing else in the package knows which engine runs.
"""

from __future__ import annotations

import os
import signal
from collections import deque
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import TYPE_CHECKING, Protocol, TypeVar

from cleaner.model import Failure

if TYPE_CHECKING:  # a tenth of a small command's time: only what starts workers imports them
    from concurrent.futures import Future, ProcessPoolExecutor

In = TypeVar("In")
Out = TypeVar("Out")
Key = TypeVar("Key", bound=Hashable)

Work = Callable[[Sequence[In]], Sequence[Out]]  # a batch in, as many results out, in order


class Engine(Protocol):
    """What runs the work."""

    def map(self, work: Work[In, Out], batches: Iterable[Sequence[In]]) -> Iterator[Out | Failure]:
        """The results of every batch, in order: one for each item, a Failure (with an empty `where`) where the work
        raised, or its process died, on that item alone."""
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
    """Batches in worker processes; a single batch stays in this one, since starting a worker costs more than it saves."""

    def __init__(self, workers: int) -> None:
        self.workers = workers

    def map(self, work: Work[In, Out], batches: Iterable[Sequence[In]]) -> Iterator[Out | Failure]:
        rest = iter(batches)
        first = list(islice(rest, 2))
        if len(first) < 2:
            yield from super().map(work, first)
            return
        import multiprocessing
        from concurrent.futures.process import BrokenProcessPool

        todo = chain(first, rest)
        pool = self._pool(self.workers)
        running: deque[tuple[Sequence[In], Future[list[Out | Failure]]]] = deque()
        try:
            while True:
                for batch in islice(todo, 2 * self.workers - len(running)):
                    running.append((batch, _submit(pool, work, batch)))
                if not running:
                    break
                batch, future = running.popleft()
                try:
                    yield from future.result()
                except BrokenProcessPool:
                    # A worker died, and took the others' work with it. The oldest batch is done again, an item at a
                    # time, so that only the item that kills its worker fails; the younger ones go to a new pool.
                    pool.shutdown(wait=True)
                    yield from self._one_by_one(work, batch)
                    pool = self._pool(self.workers)
                    running = deque((batch, _submit(pool, work, batch)) for batch, _ in running)
        except BaseException:
            for child in multiprocessing.active_children():
                child.terminate()
            raise
        finally:
            pool.shutdown(wait=True, cancel_futures=True)

    def _one_by_one(self, work: Work[In, Out], batch: Sequence[In]) -> Iterator[Out | Failure]:
        from concurrent.futures.process import BrokenProcessPool

        pool = self._pool(1)
        for item in batch:
            try:
                yield from pool.submit(_attempt, work, [item]).result()
            except BrokenProcessPool:
                yield Failure("", "the worker process died")
                pool = self._pool(1)
        pool.shutdown(wait=True)

    @staticmethod
    def _pool(workers: int) -> ProcessPoolExecutor:
        from concurrent.futures import ProcessPoolExecutor

        return ProcessPoolExecutor(workers, initializer=_quiet)


def _submit(pool: ProcessPoolExecutor, work: Work[In, Out], batch: Sequence[In]) -> Future[list[Out | Failure]]:
    from concurrent.futures import Future
    from concurrent.futures.process import BrokenProcessPool

    try:
        return pool.submit(_attempt, work, batch)
    except BrokenProcessPool as error:
        broken: Future[list[Out | Failure]] = Future()
        broken.set_exception(error)
        return broken


def _quiet() -> None:
    """In a worker: an interrupt is the parent's to handle, and a termination ends the worker at once."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


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
    workers = workers or len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else workers or os.cpu_count() or 1
    return Processes(workers) if workers > 1 else Serial()


def batches(items: Iterable[In], size: Callable[[In], int], most: int = 64, largest: int = 1 << 20) -> Iterator[list[In]]:
    """Items in batches of at most `most`, and of hardly more than `largest` by the sum of their sizes."""
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
