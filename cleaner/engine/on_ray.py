"""A cluster, by way of Ray.

A task of Ray's hands its batch to a worker process beside it, so that an item that raises, takes too long or kills its
process fails there just as it does on one machine. What is lost with a task or a node is done again.
"""

from __future__ import annotations

import errno
import gc
import logging
import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import islice
from typing import Any, TypeVar
from uuid import uuid4

from cleaner.engine.local import Work, Worker, hold_memory
from cleaner.model import Failure
from cleaner.version import VERSION

In = TypeVar("In")
Out = TypeVar("Out")
Piece = TypeVar("Piece")

_NOTICE = 0.2  # seconds after which a signal is noticed
_TRIES = 3  # of a batch whose task or node is lost
_PATIENCE = 10.0  # seconds for a cluster to answer
_COUNTED = 2.0  # seconds for which a count of the cluster's processors holds


class Ray:
    """Batches on the workers of a Ray cluster: that at an address, or one on this machine for as long as this runs.

    Two batches a processor are under way, one of them waiting there, or `workers` in all. With `timeout`, see Processes.
    """

    def __init__(self, address: str = "", workers: int = 0, timeout: float | None = None) -> None:
        if find_spec("ray") is None:
            raise ImportError("--engine ray needs Ray: pip install 'article-cleaner[ray]'")
        self.address, self.workers, self.timeout = address, workers, timeout
        self._counted, self._processors = -_COUNTED, 1

    def map(self, work: Work[In, Out], batches: Iterable[Sequence[In]]) -> Iterator[Out | Failure]:
        ray = self._connected()
        order = _Order(uuid4().hex, [ray.put(work)], self.timeout, os.getcwd())
        task = ray.remote(max_retries=0)(_done)  # what is tried again is decided here
        todo = enumerate(batches)
        running: dict[Any, tuple[int, Sequence[In], int]] = {}  # the batches, and how often each was tried
        done: dict[int, list[Out | Failure]] = {}  # results that wait for those of an earlier batch
        turn = 0
        try:
            while True:
                room = self._room(ray)
                # Not too far ahead of a slow batch, or everything after it would be held in memory.
                for number, batch in islice(todo, max(0, min(room, 4 * room - len(done)) - len(running))):
                    running[task.remote(order, batch)] = (number, batch, 1)
                if not running and not done:
                    return
                for ready in ray.wait(list(running), timeout=_NOTICE)[0] if running else ():
                    number, batch, tries = running.pop(ready)
                    found = _received(ray, ready)
                    if found is None and tries < _TRIES:
                        running[task.remote(order, batch)] = (number, batch, tries + 1)
                    else:
                        done[number] = self._lost(work, batch) if found is None else found
                while turn in done:
                    yield from done.pop(turn)
                    turn += 1
        finally:
            for one in running:
                ray.cancel(one, force=True)

    def _lost(self, work: Work[In, Out], batch: Sequence[In]) -> list[Out | Failure]:
        """The results of a batch that was lost each time: item by item, to fail only where it must."""
        if len(batch) == 1:
            return [Failure("", "the node that was at it died", lost=True)]
        return list(self.map(work, ([item] for item in batch)))

    def shuffle(
        self,
        batches: Iterable[In],
        parts: int,
        split: Callable[[In], Sequence[Piece]],
        join: Callable[[Sequence[Piece]], Out],
    ) -> Iterator[Out]:
        # Ray itself does again what is lost of these, from what it was made of.
        ray = self._connected()
        splitting, joining = ray.remote(num_returns=parts)(_split), ray.remote(_joined)
        pieces: list[list[Any]] = []
        running: list[Any] = []
        for batch in batches:
            found = splitting.remote(split, parts, batch)
            pieces.append([found] if parts == 1 else found)
            running.append(pieces[-1][0])
            while len(running) >= self._room(ray):
                running = ray.wait(running, timeout=_NOTICE, fetch_local=False)[1]
        joined = [joining.remote(join, *(of[part] for of in pieces)) for part in range(parts)]
        return map(ray.get, joined)

    def _room(self, ray: Any) -> int:
        """How many tasks may be under way: nodes come and go."""
        if self.workers:
            return self.workers
        if time.monotonic() > self._counted + _COUNTED:
            self._processors = max(1, int(ray.cluster_resources().get("CPU", 1)))
            self._counted = time.monotonic()
        return 2 * self._processors

    def _connected(self) -> Any:
        """Ray, connected to the cluster. Raises OSError where that cannot be."""
        os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # they would be sent over the network
        import ray

        if not ray.is_initialized():
            here = {"num_cpus": self.workers, "include_dashboard": False, "_node_ip_address": "127.0.0.1"}
            options = {"address": self.address} if self.address else {"address": "local", **here}
            try:
                _knock(self.address)
                with _signals_as_they_were():
                    ray.init(log_to_driver=False, logging_level=logging.ERROR, **options)
            except (OSError, RuntimeError, ValueError) as error:
                raise ConnectionError(errno.ECONNREFUSED, _first_line(error), self.address or "Ray") from None
        return ray


def _knock(address: str) -> None:
    """Raises OSError where nobody is at an address: Ray would wait for them."""
    host, _, port = address.rpartition(":")
    if port.isdigit() and "/" not in host:
        socket.create_connection((host, int(port)), _PATIENCE).close()


@contextmanager
def _signals_as_they_were() -> Iterator[None]:
    """Ray takes SIGTERM for itself, and would end with another exit code."""
    ours = threading.current_thread() is threading.main_thread()
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items() if ours else ():
            signal.signal(number, handler)


def _received(ray: Any, ready: Any) -> list[Any] | None:
    """The results of a task; None where it was lost, or they were."""
    from ray.exceptions import (
        LocalRayletDiedError,
        NodeDiedError,
        ObjectLostError,
        OutOfMemoryError,
        RayTaskError,
        WorkerCrashedError,
    )

    try:
        return list(ray.get(ready))
    except RayTaskError as error:
        raise ConnectionError(errno.EPROTO, _first_line(error.cause), "Ray") from None
    except (WorkerCrashedError, NodeDiedError, ObjectLostError, OutOfMemoryError, LocalRayletDiedError):
        return None


def _first_line(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return next(iter(str(error).strip().splitlines()), type(error).__name__)


# --- on the workers ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Order:
    """What a task is told of its batch's work: a name for it, where to get it, what an item may take, and of whoever sends
    it the directory, by which paths are meant, and the version."""

    name: str
    work: list[Any]  # the reference, in a list so that Ray does not fetch it for every task
    timeout: float | None
    directory: str
    version: str = VERSION


_beside: dict[str, Worker] = {}  # the worker process of this one, by the name of its work


def _done(order: _Order, batch: Sequence[Any]) -> list[Any]:
    """The results of a batch."""
    if order.name not in _beside:
        import ray

        if order.version != VERSION:
            raise RuntimeError(f"a node has cleaner {VERSION}, and not {order.version}")
        os.chdir(order.directory)
        for name in list(_beside):
            _beside.pop(name).stop()
        hold_memory()
        gc.set_threshold(50_000, 20, 20)  # as the command has it
        _beside[order.name] = Worker(ray.get(order.work[0]), order.timeout)
    return _beside[order.name].done(batch)


def _split(split: Callable[[Any], Sequence[Any]], parts: int, batch: Any) -> Any:
    pieces = split(batch)
    return pieces[0] if parts == 1 else tuple(pieces)


def _joined(join: Callable[[Sequence[Any]], Any], *pieces: Any) -> Any:
    return join(pieces)
