"""What becomes of cleaned articles: one type for each way, with one method that takes the articles of a source."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Protocol

from cleaner import records
from cleaner.commands.messages import Messages, Usage
from cleaner.commands.output import Out
from cleaner.commands.records_out import TABLES, written_record
from cleaner.diff.removals import Removals, removals
from cleaner.model import Failure
from cleaner.pipeline import Cleaned
from cleaner.records import Fields, Source
from cleaner.records.encoders import Encoder


class Writer(Protocol):
    """Takes the cleaned articles of one source after the other; `close` comes last."""

    def write(self, source: Source, items: Iterator[Cleaned]) -> None: ...

    def close(self) -> None: ...


class _EachAlone:
    """A writer that has nothing to end with."""

    def close(self) -> None:
        """Nothing is left to be written."""


class ToStandardOutput:
    """Texts as they are, records in the format `to`; `full` makes records of all, with what was removed, and so does a
    format that was asked for where there are `several` inputs."""

    def __init__(self, out: Out, fields: Fields, full: bool, to: str = "", several: bool = False) -> None:
        self._out, self._fields, self._full, self._to = out, fields, full, to
        self._records = full or several or to not in ("", "text")
        self._encoder: Encoder | None = None
        if to == "parquet" and out.terminal:
            raise Usage("--to parquet is nothing for a terminal: say -o DIR, or lead it into a file")

    def write(self, source: Source, items: Iterator[Cleaned]) -> None:
        for item in items:
            if self._records or not source.single:
                self._encoder = self._encoder or records.encoder(self._to)
                record = written_record(item, self._fields, self._full, self._to)
                try:
                    self._put(self._encoder.add(record, item.result.text))
                except records.Unreadable as error:
                    raise Usage(f"{source.name}: {error}") from None
            else:
                text = item.result.text
                ends = text and not text.endswith("\n") and (item.page or self._out.terminal)
                self._out.exact(text + "\n" if ends else text)

    def close(self) -> None:
        try:
            for data in self._encoder.close() if self._encoder else ():
                self._put(data)
        except records.Unreadable as error:
            raise Usage(str(error)) from None

    def _put(self, data: bytes) -> None:
        self._out.raw(data)


@dataclass(frozen=True, slots=True)
class ToDirectory(_EachAlone):
    """One file a source, at its place, in the format `to` where one was asked for."""

    places: Places
    fields: Fields
    full: bool
    messages: Messages
    to: str = ""

    def write(self, source: Source, items: Iterator[Cleaned]) -> None:
        self.written(source, items)

    def written(self, source: Source, items: Iterator[Cleaned]) -> bool:
        """Write one source's file; nothing where every article of it failed. Whether a file was written."""
        first = next(items, None)
        if first is None:
            return False
        place = self.places.of(source)
        try:
            records.write_atomically(place, self._pieces(source, first, items))
        except (OSError, records.Unreadable) as error:
            self.messages.fail(Failure(str(place), records.reason(error)))
            return False
        return True

    def _pieces(self, source: Source, first: Cleaned, rest: Iterable[Cleaned]) -> Iterator[bytes]:
        encoder = records.encoder(self.to)
        for item in (first, *rest):
            if source.single and not self.full and self.to in ("", "text"):
                text = item.result.text
                yield (text + "\n" if item.page and text else text).encode(errors="replace")
            else:
                yield encoder.add(written_record(item, self.fields, self.full, self.to), item.result.text)
        yield from encoder.close()


@dataclass(frozen=True, slots=True)
class Check(_EachAlone):
    """Nothing is written; what would change is noted and counted."""

    messages: Messages

    def write(self, source: Source, items: Iterator[Cleaned]) -> None:
        for item in items:
            if item.result.removed:
                self.messages.changes += 1
                count = len(item.result.removed)
                what = f"{count} removal{'s' * (count != 1)} to be made"
                self.messages.note("articles would change", item.article.id, what)


@dataclass(frozen=True, slots=True)
class InPlace(_EachAlone):
    """The cleaned text in the file's place, in its encoding, with its line ends and mode."""

    messages: Messages

    def write(self, source: Source, items: Iterator[Cleaned]) -> None:
        _each_changed(source, items, self._rewrite, self.messages)

    @staticmethod
    def _rewrite(source: Source, item: Cleaned) -> None:
        path, _, encoding = _as_read(source, item)
        data = records.encode(item.result.text, encoding)
        records.write_atomically(path, [data], path.stat().st_mode & 0o7777)


@dataclass(frozen=True, slots=True)
class Patches(_EachAlone):
    """The patch that takes from each file what cleaning removes."""

    out: Out
    messages: Messages

    def write(self, source: Source, items: Iterator[Cleaned]) -> None:
        _each_changed(source, items, self._show, self.messages)

    def _show(self, source: Source, item: Cleaned) -> None:
        self.out.page()
        self.out.raw(_patch(source, item))


def _each_changed(
    source: Source, items: Iterator[Cleaned], change: Callable[[Source, Cleaned], None], messages: Messages
) -> None:
    """Do with every article of a file from which something goes what is to be done; the file fails where it cannot be."""
    for item in items:
        if item.result.removed:
            try:
                change(source, item)
            except (OSError, records.Unreadable) as error:
                messages.fail(Failure(source.name, records.reason(error)))


class _Shown(Protocol):
    """What articles are shown on, one after the other."""

    def add(self, found: Removals) -> None: ...

    def close(self) -> None: ...


class Report:
    """What was removed and why, for the terminal or as a page."""

    def __init__(self, out: Out, page: bool) -> None:
        self._out, self._page = out, page
        self._shown: _Shown | None = None

    def write(self, source: Source, items: Iterator[Cleaned]) -> None:
        for item in items:
            self._shown = self._shown or self._opened()  # a pager is not started before there is something to read
            self._shown.add(removals(item.article.id, item.result))

    def close(self) -> None:
        if self._shown:
            self._shown.close()

    def _opened(self) -> _Shown:
        if not self._page:
            from cleaner.report.removals import TerminalReport

            return TerminalReport(self._out.console())
        from cleaner.report.page.removals import PageReport

        self._out.page()
        return PageReport(self._out.exact)


def rewritable(sources: Iterable[Source], done: str, messages: Messages) -> list[Source]:
    """The plain-text files among the sources, a file and a link to it once; the others fail where they were named, and are
    skipped where a directory held them. `done` says what cannot be done with them."""
    files: set[Path] = set()
    found = []
    for source in sources:
        if source.path is not None and (real := source.path.resolve()) in files:
            continue
        if source.path is not None:
            files.add(real)
        why = _why_not_rewritten(source, done)
        if not why:
            found.append(source)
        elif source.named:
            messages.fail(Failure(source.name, why))
        else:
            messages.skip(source.name, why)
    return found


def _why_not_rewritten(source: Source, done: str) -> str:
    if source.path is None:
        return f"{'standard input' if source.file is None else 'what is remote'} cannot be {done}"
    if source.format != "text" or source.stream is not None:
        return f"only plain-text files are {done}"
    return f"compressed files are not {done}" if source.compression else ""


def _patch(source: Source, item: Cleaned) -> bytes:
    """The patch that takes from the file what cleaning removes."""
    from cleaner.report.patch import patch

    path, before, encoding = _as_read(source, item)
    mark = len(records.encode("", encoding))

    def size(text: str) -> int:
        return len(records.encode(text, encoding)) - mark

    source_text, spans, place, at = item.result.source, [], 0, mark
    for removal in item.result.removed:
        at += size(source_text[place : removal.start])
        end = at + size(source_text[removal.start : removal.end])
        spans.append((at, end))
        place, at = removal.end, end
    edges = [0, *(edge for span in spans for edge in span), len(before)]
    if b"".join(before[low:high] for low, high in zip(edges[::2], edges[1::2], strict=True)) != records.encode(
        item.result.text, encoding
    ):
        raise records.Unreadable(f"cannot be patched, since its signs depend on those before them ({encoding})")
    return patch(str(path), before, spans)


def _as_read(source: Source, item: Cleaned) -> tuple[Path, bytes, str]:
    """The file itself, its bytes and its encoding. Raises Unreadable where it is not what was cleaned, or where its text
    does not give its bytes back."""
    assert source.path is not None
    path = source.path.resolve()
    before = path.read_bytes()
    text, encoding, _ = records.decode(before)
    if text != item.result.source:
        raise records.Unreadable("changed while it was being cleaned")
    if records.encode(text, encoding) != before:
        raise records.Unreadable(f"cannot be written back as it was ({encoding})")
    return path, before, encoding


def check_output(to: str, other: str) -> None:
    """Raises Usage where --to names no format, or goes with a mode that writes none."""
    if to and to not in records.OUTPUTS:
        raise Usage(f"--to {to}: unknown format; it is one of {', '.join(records.OUTPUTS)}")
    if to and other and (other, to) != ("json", "jsonl"):
        raise Usage(f"--to {to} and --{other} do not go together")


def check_columns(sources: Iterable[Source], to: str) -> None:
    """Raises Usage where the records of some sources do not go into one table: they come from tables with other columns, or
    only some of them from tables."""
    first: tuple[str, object] | None = None
    for source in sources if to in TABLES else ():
        try:
            columns = records.columns(source, to)
        except (records.Unreadable, OSError):  # it will say so when it is read
            continue
        if columns == ():  # nothing is in it
            continue
        if first and columns != first[1]:
            raise Usage(f"{first[0]} and {source.name} do not go into one table, since their columns differ: say -o DIR")
        first = first or (source.name, columns)


@dataclass(frozen=True, slots=True)
class Places:
    """Where each source's output goes: below a directory, in the format `to` ("": text or records, as it came; None:
    copies)."""

    directory: Path
    to: str | None

    def of(self, source: Source) -> Path:
        """The place of one."""
        return self.directory / (source.rel if self.to is None else records.output_name(source, self.to))


def checked_places(places: Places, sources: Iterable[Source], named: Iterable[str]) -> Places:
    """The places, which can be written to. `sources` are gone through several times; of each a hash is held.

    Raises Usage where two go to one place, where an output would overwrite an input, or where the output directory lies
    inside an input one.
    """
    directory = places.directory
    real = directory.resolve()
    if directory.exists() and not directory.is_dir():
        raise Usage(f"{directory}: not a directory")
    for name in named:
        top = Path(name).resolve()
        if Path(name).is_dir() and (real == top or top in real.parents):
            raise Usage(f"{directory}: the output directory lies inside the input {name}, and would be read the next time")
    real_path = _RealPaths()
    inputs = {hash(real_path(source.name)) for source in sources if source.file}
    taken: set[int] = set()
    for number, source in enumerate(sources):
        place = places.of(source)
        if hash(place) in taken:
            for owner in islice(sources, number):
                if places.of(owner) == place:
                    raise Usage(f"{owner.name} and {source.name} would both be written to {place}")
        if hash(real_path(str(place))) in inputs:
            for other in sources:
                if other.file and real_path(other.name) == real_path(str(place)):
                    raise Usage(f"{place}: writing it would overwrite the input {other.name}")
        taken.add(hash(place))
    return places


class _RealPaths:
    """Real paths of many files in few folders: each folder is looked up once."""

    def __init__(self) -> None:
        self._folders: dict[str, str] = {}

    def __call__(self, path: str) -> str:
        if os.path.islink(path):
            return os.path.realpath(path)
        folder, name = os.path.split(path)
        if folder not in self._folders:
            self._folders[folder] = os.path.realpath(folder)
        return os.path.join(self._folders[folder], name)
