"""How far a command is: one line on standard error, where that is a terminal, from the second second on, gone afterwards."""

from __future__ import annotations

import os
import shutil
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from cleaner.report import counted

Item = TypeVar("Item")

PATIENCE = 1.0  # seconds before anything is said
_EVERY = 0.2


class Progress:
    """Says what is being done. A timer's signal draws it: no work has to stop for it, and no thread has to run."""

    def __init__(self) -> None:
        self._wanted = (
            sys.stderr.isatty()
            and os.environ.get("TERM", "dumb") != "dumb"
            and hasattr(signal, "setitimer")
            and threading.current_thread() is threading.main_thread()
        )
        self._what = ""
        self._count: int | None = None
        self._since = 0.0
        self._shown = self._held = False

    def over(self, items: Iterable[Item], what: str, size: Callable[[Item], int] = lambda _: 1) -> Iterator[Item]:
        """The items, counted as they come, each for as many articles as `size` says."""
        with self.doing(what, 0):
            for item in items:
                self._count = (self._count or 0) + size(item)
                yield item

    @contextmanager
    def doing(self, what: str, count: int | None = None) -> Iterator[None]:
        """Say `what` is being done until that is over."""
        self._what, self._count = what, count
        if self._wanted:
            self._since = self._since or time.monotonic()
            signal.signal(signal.SIGALRM, self._draw)
            signal.setitimer(signal.ITIMER_REAL, max(0.01, self._since + PATIENCE - time.monotonic()), _EVERY)
        try:
            yield
        finally:
            self._pause()

    def end(self) -> None:
        """Say nothing from now on: output has begun, and may be on the same terminal."""
        self._pause()
        self._wanted = False

    @contextmanager
    def held(self) -> Iterator[None]:
        """Off the screen for as long as something else is written there."""
        self._held = True
        self._wipe()
        try:
            yield
        finally:
            self._held = False

    def _pause(self) -> None:
        if self._wanted:
            signal.setitimer(signal.ITIMER_REAL, 0)
            self._wipe()

    def _draw(self, number: int, frame: object) -> None:
        if self._held:
            return
        count = "" if self._count is None else f" {counted(self._count, 'article')}"
        text = f"{self._what}{count}, {time.monotonic() - self._since:.0f} s"
        self._shown = True
        self._write(f"\r{text[: shutil.get_terminal_size().columns - 1]}\x1b[K")

    def _wipe(self) -> None:
        if self._shown:
            self._shown = False
            self._write("\r\x1b[K")

    @staticmethod
    def _write(text: str) -> None:
        os.write(2, text.encode())  # past the buffer, in which a signal may find something half written
