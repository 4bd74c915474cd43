"""What a command has to say beside its result, and the exit code that comes of it."""

from __future__ import annotations

import json
import sys
from collections import Counter
from typing import Literal

from cleaner.commands.progress import Progress
from cleaner.model import Failure, Remark
from cleaner.text import one_line, shown

# Notes of one kind are shown this often and then counted; failures are all named.
SHOWN = 10


class Usage(Exception):
    """The command cannot do what it was asked for; the message says why, in one line."""


class Messages:
    """Names failures, notes and warnings on standard error as they come, and counts them."""

    def __init__(self, log_format: Literal["text", "json"] = "text") -> None:
        self.failures = 0
        self.changes = 0  # what --check would change
        self.json = log_format == "json"
        self.progress = Progress(self.log if self.json else None, lambda: self.failures)
        self._notes: Counter[str] = Counter()
        self._remarks: dict[str, tuple[str, str]] = {}  # the first of each kind: where, and what
        self._counts: Counter[str] = Counter()
        self._held: dict[str, list[Failure]] = {}  # of inputs of which nothing has been read so far
        self._read: set[str] = set()

    def fail(self, failure: Failure) -> None:
        """Name something that could not be read or done: the command will exit with 2. What was left out is a note."""
        if failure.left_out:
            self.no_article(failure.where, failure.reason)
            return
        self.failures += 1
        if failure.source and failure.source not in self._read:
            self._held.setdefault(failure.source, []).append(failure)
        else:
            self._say_failure(failure)

    def read(self, source: str) -> None:
        """That something of an input could be read: what failed of it, failed each for itself."""
        if source not in self._read:
            self._read.add(source)
            for failure in self._held.pop(source, ()):
                self._say_failure(failure)

    def _say_failure(self, failure: Failure) -> None:
        self.say(f"{shown(failure.where)}: {failure.reason}", limit=400, event="failure")

    def note(self, kind: str, where: str, what: str) -> None:
        """Say something that is no failure; after SHOWN of a kind they are only counted, by `kind` (a plural)."""
        self._notes[kind] += 1
        if self._notes[kind] <= SHOWN:
            self.say(f"{shown(where)}: {what}")

    def no_article(self, where: str, why: str) -> None:
        """Say that an input is no article."""
        self.note("inputs that are no articles", where, f"no article: {why}")

    def skip(self, name: str, why: str) -> None:
        """Note a file of a directory that is passed over."""
        self.note("files skipped", name, f"skipped: {why}")

    def remark(self, where: str, remark: Remark) -> None:
        """Count something that people should know; it is said once, at the end, with the first that it was found in."""
        self._counts[remark.kind] += 1
        self._remarks.setdefault(remark.kind, (where, remark.what))

    def repeated(self, name: str) -> None:
        """Warn of an id that more than one article has."""
        self.note("repeated ids", name, "the id is repeated: the later ones are called ~2, ~3")

    def close(self) -> int:
        """Say how many notes were left out; the exit code."""
        for source, failures in self._held.items():
            one = len(failures) == 1
            self._say_failure(
                failures[0] if one else Failure(source, f"all {len(failures):,} records: {failures[0].reason}")
            )
        for kind, (where, what) in self._remarks.items():
            count = self._counts[kind]
            self.say(f"{shown(where)}: {what}" if count == 1 else f"{count:,} {kind}, the first in {shown(where)}: {what}")
        for kind, count in self._notes.items():
            if count > SHOWN:
                self.say(f"... and {count - SHOWN} more {kind}")
        return 2 if self.failures else 1 if self.changes else 0

    def log(self, event: str, **more: object) -> None:
        """A line of JSON on standard error."""
        print(json.dumps({"event": event, **more}), file=sys.stderr, flush=True)

    def say(self, message: str, limit: int = 300, event: str = "note") -> None:
        """One line on standard error, made visible."""
        if self.json:
            self.log(event, message=one_line(message, limit))
            return
        with self.progress.held():
            print(f"cleaner: {one_line(message, limit)}", file=sys.stderr, flush=True)
