"""Standard output: exact in a file or a pipe, made visible on a terminal; colour, width and paging."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from cleaner.options import Display
from cleaner.text import escape_controls

if TYPE_CHECKING:
    from cleaner.report.console import Printer

NARROWEST = 20  # columns
_FOR_A_SHELL = re.compile(r"[^\w\s./+,:@%=-]")


class Out:
    """Where a command's result goes. `begin` is called before anything is written to a terminal."""

    def __init__(self, display: Display | None = None, begin: Callable[[], None] = lambda: None) -> None:
        self.terminal = sys.stdout.isatty()
        self.display = display or Display()
        self._columns = shutil.get_terminal_size().columns if self.terminal else None  # no pager has it
        self._begin = begin
        self._printer: Printer | None = None
        self._pager: _Pager | None = None

    def exact(self, text: str) -> None:
        """The articles' own text, and JSON: exact, but made visible on a terminal."""
        if self.terminal:
            self.say(text)
        else:
            sys.stdout.buffer.write(text.encode(errors="replace"))

    def raw(self, data: bytes) -> None:
        """Bytes, of a patch: exact, but made visible on a terminal."""
        if self.terminal:
            self.say(data.decode(errors="replace"))
        else:
            sys.stdout.buffer.write(data)

    def say(self, text: str) -> None:
        """Text of reports and overviews: made visible wherever it goes."""
        if self.terminal:
            self._begin()
        sys.stdout.buffer.write(escape_controls(text).encode(sys.stdout.encoding or "utf-8", errors="replace"))
        if self.terminal:
            sys.stdout.buffer.flush()

    def console(self, paged: bool = True) -> Printer:
        """What reports are written on; on a terminal in a pager, unless they are short."""
        if self._printer is None:
            from cleaner.report.console import Printer

            if self.terminal:
                self._begin()
            if paged:
                self.page()
            links = self.terminal and os.environ.get("TERM") != "dumb"
            self._printer = Printer(self._in_color(), self._width(), links=links)
        return self._printer

    def page(self) -> None:
        """From now on write to a pager, where this is a terminal."""
        if self.terminal and self._pager is None:
            self._begin()
            self._pager = _Pager.start() if self.display.pager else None

    def close(self) -> None:
        """Wait for the reader of the pager."""
        if self._pager:
            self._pager.close()
            self._pager = None

    def _width(self) -> int | None:
        width = self.display.width or self._columns
        return max(NARROWEST, width) if width else None

    def _in_color(self) -> bool:
        if self.display.color != "auto":
            return self.display.color == "always"
        if os.environ.get("NO_COLOR"):
            return False
        if os.environ.get("FORCE_COLOR", "0") not in ("", "0"):
            return True
        return self.terminal and os.environ.get("TERM") != "dumb"


class _Pager:
    """The user's pager, with our standard output, and standard error where that is a terminal, leading into it."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdin
        self._process = process
        self._saved = {fd: os.dup(fd) for fd in (1, 2) if os.isatty(fd)}
        sys.stdout.flush()
        for fd in self._saved:
            os.dup2(process.stdin.fileno(), fd)
        process.stdin.close()

    @classmethod
    def start(cls) -> _Pager | None:
        """As git does: $CLEANER_PAGER, $PAGER, or less, told to keep colours and to leave at once where one screen is
        enough; none where it is empty or cat, or where nothing is known of the screen."""
        named = os.environ.get("CLEANER_PAGER", os.environ.get("PAGER"))
        command = "less" if named is None else named.strip()
        if command in ("", "cat") or (named is None and not _is_a_screen()):
            return None
        options = {"LESS": "FRX", "LV": "-c"}
        arguments = ["/bin/sh", "-c", command] if _FOR_A_SHELL.search(command) else command.split()
        try:
            process = subprocess.Popen(arguments, stdin=subprocess.PIPE, env={**options, **os.environ})
        except OSError:
            return None
        return cls(process)

    def close(self) -> None:
        with suppress(BrokenPipeError):
            sys.stdout.flush()
        for fd, saved in self._saved.items():
            os.dup2(saved, fd)
            os.close(saved)
        while True:
            with suppress(KeyboardInterrupt):  # it is the pager that an interrupt is meant for
                self._process.wait()
                return


def _is_a_screen() -> bool:
    """Whether the terminal can move about, and says how high it is."""
    if os.environ.get("TERM", "dumb") == "dumb":
        return False
    try:
        return os.get_terminal_size(sys.stdout.fileno()).lines > 0
    except OSError:
        return False
