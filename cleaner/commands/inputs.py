"""What a command reads: its inputs, and what they teach of their sites before they are cleaned."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from cleaner import records
from cleaner.commands.messages import Messages, Usage
from cleaner.engine import Engine
from cleaner.model import Failure
from cleaner.options import CleanOptions, Selection
from cleaner.pipeline import Cleaned, Summaries, Work, cleaned, summed_up
from cleaner.records import Fields, Source, SourceList


class Bookkeeper(Protocol):
    """What hears of inputs that cannot be used: Messages, or a run that keeps a manifest too."""

    def fail(self, failure: Failure) -> None: ...

    def skip(self, name: str, why: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Inputs:
    """What to read, and how: paths, the format that all of them have, the names of the fields of records; and which."""

    paths: tuple[str, ...] = ()
    format: str | None = None
    fields: Fields = field(default_factory=Fields)
    selection: Selection = field(default_factory=Selection)

    def sources(self, messages: Bookkeeper) -> SourceList:
        """The inputs that can be opened; the others are failures, or notes where a directory held them."""
        if self.format and self.format not in records.FORMATS:
            raise Usage(f"--from {self.format}: unknown format; it is one of {', '.join(records.FORMATS)}")
        listed = self.selection.files_from is not None
        paths: tuple[str, ...] = (*self.paths, *self._listed()) if listed else self.paths or ("-",)
        if paths.count("-") > 1:
            raise Usage("-: standard input can be read only once")
        return SourceList(records.discover(paths, self.format, messages.fail, messages.skip))

    def _listed(self) -> list[str]:
        """The paths that a file lists. Raises Usage."""
        name = self.selection.files_from or ""
        try:
            data = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        except OSError as error:
            raise Usage(f"--files-from {name}: {records.reason(error)}") from None
        paths = data.split(b"\0") if self.selection.nul else [line.removesuffix(b"\r") for line in data.split(b"\n")]
        found = [os.fsdecode(path) for path in paths if path]
        if name == "-" and "-" in (*found, *self.paths):
            raise Usage("-: standard input can be read only once")
        return found

    @property
    def nothing_to_read(self) -> bool:
        """Whether no path was named and standard input is a terminal: then the help is what is wanted."""
        return not self.paths and self.selection.files_from is None and sys.stdin.isatty()


def with_learned(
    options: CleanOptions, sources: Iterable[Source], fields: Fields, engine: Engine, messages: Messages
) -> CleanOptions:
    """The options with the rules that the sources' own repetition teaches, the user's over them. The sources are read once
    for it."""
    from cleaner.learn import learn  # numpy: only learning pays for it

    once = [source.name for source in sources if source.stream is not None]
    if once:
        raise Usage(f"{once[0]}: --learn reads its inputs twice, and this one can be read only once")
    read = messages.progress.over(cleaned(sources, Work(None, fields), engine), "read")
    found = learn(item.article for _, item in read if isinstance(item, Cleaned))
    return replace(options, rules=(*found, *options.rules))


def summaries(
    sources: Iterable[Source], work: Work, engine: Engine, messages: Messages
) -> Iterator[tuple[Source, Summaries | None]]:
    """What the articles of some sources come to, and None for what cannot be used. What people should know of them is
    said."""
    for source, item in messages.progress.over(summed_up(sources, work, engine), "read", _articles):
        if isinstance(item, Failure):
            messages.fail(item)
            yield source, None
            continue
        messages.read(source.name)
        for name, remark in item.remarks:
            messages.remark(name, remark)
        for name, why in zip(item.summary.ids, item.no_article, strict=True):
            if why:
                messages.no_article(name, why)
        yield source, item


def _articles(read: tuple[Source, Summaries | Failure]) -> int:
    return len(read[1]) if isinstance(read[1], Summaries) else 1


def note(item: Cleaned, source: Source, messages: Messages) -> None:
    """Say what people should know of an article that was cleaned."""
    if not source.single:
        messages.read(source.name)
    for remark in item.article.remarks:
        messages.remark(item.article.id, remark)
    if item.result.no_article:
        messages.no_article(item.article.id, item.result.no_article)
