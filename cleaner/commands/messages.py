"""What a command has to say beside its result, and the exit code that comes of it."""

from __future__ import annotations

import sys
from collections import Counter

from cleaner.commands.progress import Progress
from cleaner.model import Failure
from cleaner.text import one_line, shown

# Notes of one kind are shown this often and then counted; failures are all named.
SHOWN = 10


class Usage(Exception):
    """The command cannot do what it was asked for; the message says why, in one line."""


class Messages:
    """Names failures, notes and warnings on standard error as they come, and counts them."""

    def __init__(self) -> None:
        self.failures = 0
        self.changes = 0  # what --check would change
        self.progress = Progress()
        self._notes: Counter[str] = Counter()

    def fail(self, failure: Failure) -> None:
        """Name something that could not be read or done: the command will exit with 2."""
        self.failures += 1
        self.say(f"{shown(failure.where)}: {failure.reason}", limit=400)

    def note(self, kind: str, where: str, what: str) -> None:
        """Say something that is no failure; after SHOWN of a kind they are only counted, by `kind` (a plural)."""
        self._notes[kind] += 1
        if self._notes[kind] <= SHOWN:
            self.say(f"{shown(where)}: {what}")

    def skip(self, name: str, why: str) -> None:
        """Note a file of a directory that is passed over."""
        self.note("files skipped", name, f"skipped: {why}")

    def repeated(self, name: str) -> None:
        """Warn of an id that more than one article has."""
        self.note("repeated ids", name, "the id is repeated: the later ones are called ~2, ~3")

    def close(self) -> int:
        """Say how many notes were left out; the exit code."""
        for kind, count in self._notes.items():
            if count > SHOWN:
                self.say(f"... and {count - SHOWN} more {kind}")
        return 2 if self.failures else 1 if self.changes else 0

    def say(self, message: str, limit: int = 300) -> None:
        """One line on standard error, made visible."""
        with self.progress.held():
            print(f"cleaner: {one_line(message, limit)}", file=sys.stderr, flush=True)
