"""This machine: everything in this process, or batches in worker processes."""

from __future__ import annotations

import math
import os
import signal
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import chain, islice
from typing import Any, TypeVar

from cleaner.model import Failure

In = TypeVar("In")
Out = TypeVar("Out")
Piece = TypeVar("Piece")

Work = Callable[[Sequence[In]], Sequence[Out]]  # a batch in; its results out, in order, each of one item or of several


class Serial:
    """Everything in this process."""

    def map(self, work: Work[In, Out], batches: Iterable[Sequence[In]]) -> Iterator[Out | Failure]:
        for batch in batches:
            yield from _attempt(work, batch)

    def shuffle(
        self,
        batches: Iterable[In],
        parts: int,
        split: Callable[[In], Sequence[Piece]],
        join: Callable[[Sequence[Piece]], Out],
    ) -> Iterator[Out]:
        pieces: list[list[Piece]] = [[] for _ in range(parts)]
        for batch in batches:
            for of_part, piece in zip(pieces, split(batch), strict=True):
                of_part.append(piece)
        return map(join, pieces)


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
        workers = [Worker(work, self.timeout) for _ in range(self.workers if len(first) > 1 else 1)]
        done: dict[int, list[Out | Failure]] = {}  # results that wait for those of an earlier batch
        turn = 0
        try:
            while True:
                # Not too far ahead of a slow batch, or everything after it would be held in memory.
                idle = (worker for worker in workers if worker.number is None)
                for worker, (number, batch) in zip(idle, islice(todo, max(0, 4 * self.workers - len(done))), strict=False):
                    worker.take(number, batch)
                busy: dict[Any, Worker] = {worker.pipe: worker for worker in workers if worker.number is not None}
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


def _until(workers: Iterable[Worker]) -> float | None:
    """The seconds until the first of the workers is to be killed; None where that is never."""
    first = min(worker.until for worker in workers)
    return None if first == math.inf else max(0.0, first - time.monotonic())


class Worker:
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

    def done(self, batch: Sequence[Any]) -> list[Any]:
        """The results of a batch, which are waited for."""
        from multiprocessing.connection import wait

        self.take(0, batch)
        while not self.goes_on(bool(wait([self.pipe], _until([self])))):
            pass
        return self.results

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


def hold_memory() -> None:
    """Tell glibc to keep memory that was freed: numpy asks for the same megabytes again with every batch, and getting them
    from the system anew took an eighth of the time."""
    if sys.platform != "linux":
        return
    import ctypes

    with suppress(OSError, AttributeError):  # another C library than glibc
        for parameter, size in ((_TRIM_THRESHOLD, 64 << 20), (_TOP_PAD, 16 << 20), (_MMAP_THRESHOLD, 32 << 20)):
            ctypes.CDLL(None).mallopt(parameter, size)


_TRIM_THRESHOLD, _TOP_PAD, _MMAP_THRESHOLD = -1, -2, -3  # of malloc.h
