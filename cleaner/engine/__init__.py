"""Where work runs. Two operations: a map over batches that loses no error, and a shuffle by key.

Nothing else in the package knows which engine runs.

local   this machine: everything in this process, or batches in worker processes
on_ray  a cluster
"""

from __future__ import annotations

import math
import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Protocol, TypeVar

from cleaner.engine.local import Processes, Serial, Work, hold_memory
from cleaner.model import Failure

__all__ = ["Engine", "Processes", "Serial", "batches", "cores", "engine", "stopped_at_once"]

In = TypeVar("In")
Out = TypeVar("Out")
Piece = TypeVar("Piece")


class Engine(Protocol):
    """What runs the work."""

    def map(self, work: Work[In, Out], batches: Iterable[Sequence[In]]) -> Iterator[Out | Failure]:
        """The results of every batch, in order, with a Failure (with an empty `where`) for each item on which, alone, the
        work raised or its process died."""
        ...

    def shuffle(
        self,
        batches: Iterable[In],
        parts: int,
        split: Callable[[In], Sequence[Piece]],
        join: Callable[[Sequence[Piece]], Out],
    ) -> Iterator[Out]:
        """Every batch is split by key into as many pieces as there are parts, and the pieces of each part are joined, in the
        order of their batches: the results, part by part. What is raised there is raised here."""
        ...


@contextmanager
def stopped_at_once() -> Iterator[None]:
    """Within this, SIGINT and SIGTERM end the process in a second and a half, whatever it is at: unwinding may take longer
    on a machine that is busy. An interrupt that falls into a finaliser, or into the set-up of a compiled module that clears
    errors (numpy's), is lost: what ends in that time anyway ends as what was told to stop.

    Workers end with it: `local._die_with`.
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


def engine(workers: int = 0, kind: str = "", timeout: float | None = None, address: str = "") -> Engine:
    """The engine of a kind for a number of workers, 0 for one a core that may be used; where no kind is told, one worker is
    none beside this process. `timeout` is what an item may take, in worker processes; `address` is that of a cluster.
    Raises ImportError where what a kind needs is not installed."""
    hold_memory()
    if kind == "ray":
        from cleaner.engine.on_ray import Ray

        address = address or os.environ.get("RAY_ADDRESS", "")
        return Ray(address, workers or (0 if address else cores()), timeout)
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
