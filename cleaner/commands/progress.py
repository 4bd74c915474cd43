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
_EVERY, _EVERY_LOG = 0.2, 5.0  # seconds between two


def _duration(seconds: float) -> str:
    whole = round(max(0, seconds))
    hours, minutes = divmod(whole // 60, 60)
    return f"{hours}:{minutes:02}:{whole % 60:02}" if hours else f"{minutes}:{whole % 60:02}" if minutes else f"{whole} s"


class Progress:
    """Says what is being done, how much of it, how fast, what is left, and what failed. A timer's signal draws it: no work
    has to stop for it, and no thread has to run.

    `log` takes it instead of the terminal, now and then; `failures` says how many there were so far.
    """

    def __init__(self, log: Callable[..., None] | None = None, failures: Callable[[], int] = lambda: 0) -> None:
        self._log, self._failures = log, failures
        self._wanted = (
            (log is not None or (sys.stderr.isatty() and os.environ.get("TERM", "dumb") != "dumb"))
            and hasattr(signal, "setitimer")
            and threading.current_thread() is threading.main_thread()
        )
        self._what = ""
        self._count: int | None = None
        self._total = 0
        self._begun = 0.0
        self._since = 0.0
        self._shown = self._held = False

    def over(
        self, items: Iterable[Item], what: str, size: Callable[[Item], int] = lambda _: 1, total: int = 0
    ) -> Iterator[Item]:
        """The items, counted as they come, each for as many articles as `size` says; of a `total`, where that is known."""
        with self.doing(what, 0, total):
            for item in items:
                self._count = (self._count or 0) + size(item)
                yield item

    @contextmanager
    def doing(self, what: str, count: int | None = None, total: int = 0) -> Iterator[None]:
        """Say `what` is being done until that is over."""
        self._what, self._count, self._total, self._begun = what, count, total, time.monotonic()
        if self._wanted:
            self._since = self._since or time.monotonic()
            signal.signal(signal.SIGALRM, self._draw)
            signal.setitimer(
                signal.ITIMER_REAL, max(0.01, self._since + PATIENCE - time.monotonic()), _EVERY_LOG if self._log else _EVERY
            )
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
        now = time.monotonic()
        if self._log:
            rate, left = self._speed(now)
            figures = {"done": self._count, "total": self._total or None, "per_second": rate, "seconds_left": left}
            self._log("progress", doing=self._what, **figures, failed=self._failures())
            return
        self._shown = True
        self._write(f"\r{self._text(now)[: shutil.get_terminal_size().columns - 1]}\x1b[K")

    def _text(self, now: float) -> str:
        parts = [self._what]
        if self._count is not None:
            of = f" of {self._total:,}" if self._total else ""
            parts[0] += f" {self._count:,}{of} articles" if of else f" {counted(self._count, 'article')}"
            rate, left = self._speed(now)
            parts += [f"{rate:,.0f} a second"] * bool(rate) + ([] if left is None else [f"{_duration(left)} left"])
        parts.append(_duration(now - self._since))
        failures = self._failures()
        return ", ".join([*parts, f"{failures:,} failed"] if failures else parts)

    def _speed(self, now: float) -> tuple[float, float | None]:
        """Articles a second, and the seconds that are left; None where that is not known."""
        rate = round((self._count or 0) / max(0.01, now - self._begun), 1)
        return rate, round((self._total - (self._count or 0)) / rate, 1) if rate and self._total else None

    def _wipe(self) -> None:
        if self._shown:
            self._shown = False
            self._write("\r\x1b[K")

    @staticmethod
    def _write(text: str) -> None:
        os.write(2, text.encode())  # past the buffer, in which a signal may find something half written
