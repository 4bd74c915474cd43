"""Standard output: exact in a file or a pipe, made visible on a terminal; and whether there is colour."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from cleaner.text import visible

if TYPE_CHECKING:
    from rich.console import Console


class Out:
    """Where a command's result goes. `color` is auto, always or never."""

    def __init__(self, color: str = "auto") -> None:
        self.terminal = sys.stdout.isatty()
        self.color = color
        self._console: Console | None = None

    def exact(self, text: str) -> None:
        """The articles' own text, JSON and patches: exact, but made visible on a terminal."""
        if self.terminal:
            self.say(text)
        else:
            sys.stdout.buffer.write(text.encode(errors="replace"))

    def say(self, text: str) -> None:
        """Text of reports and overviews: made visible wherever it goes."""
        sys.stdout.buffer.write(visible(text).encode(sys.stdout.encoding or "utf-8", errors="replace"))
        if self.terminal:
            sys.stdout.buffer.flush()

    def console(self) -> Console:
        """A console for reports, on standard output."""
        if self._console is None:
            from cleaner import report

            self._console = report.console(self._in_color(), self.terminal)
        return self._console

    def _in_color(self) -> bool:
        if self.color != "auto":
            return self.color == "always"
        if os.environ.get("NO_COLOR"):
            return False
        if os.environ.get("FORCE_COLOR", "0") not in ("", "0"):
            return True
        return self.terminal and os.environ.get("TERM") != "dumb"
