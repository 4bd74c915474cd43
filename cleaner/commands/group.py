"""cleaner group: group copies and stories."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from msgspec.structs import replace

from cleaner import records
from cleaner.commands.inputs import Inputs, summaries
from cleaner.commands.messages import Messages, Usage
from cleaner.commands.output import Out
from cleaner.commands.records_out import TABLES, Known, encoded, group_records, group_rows, in_lines
from cleaner.commands.writers import Places, check_columns, check_output, checked_places
from cleaner.engine import Engine
from cleaner.model import Failure
from cleaner.options import CleanOptions, Keep, StoryOptions
from cleaner.pipeline import Summaries, Work, cleaned
from cleaner.records import Source

if TYPE_CHECKING:
    from cleaner.group.collection import Collection, Groups


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is grouped, and what becomes of it."""

    mode: Literal["overview", "json", "unique", "html"] = "overview"
    copies_only: bool = False
    keep: Keep = "earliest"  # of each copy group, where the mode is unique
    stories: StoryOptions = field(default_factory=StoryOptions)
    to: str = ""  # one of records.OUTPUTS: a table of the groups, or the format of what is unique
    directory: str | None = None  # where the unique files are copied to
    paths: bool = False  # list the unique files


class _Read:
    """What is known of the articles that were read: for grouping, and for naming them afterwards."""

    def __init__(self) -> None:
        from cleaner.group.collection import Collection

        self.collection: Collection = Collection()
        self.known = Known()
        self.numbers = bytearray()  # of each article whether its id was given as a whole number
        self.good = bytearray()  # of each item that was read whether it became an article

    def take(self, item: Summaries | None) -> None:
        if item is None:
            self.good.append(False)
            return
        self.collection.add(item.summary)
        self.numbers += item.numbers
        for opening, kind in zip(item.openings, item.kinds, strict=True):
            self.known.add(opening, kind)
        self.good += b"\1" * len(item)

    def chosen(self, groups: Groups, keep: Keep) -> _Chosen:
        kept = self.collection.kept(groups.copy, keep)
        rest = iter(kept)
        names = [name for name, is_one in zip(groups.ids, kept, strict=True) if is_one]
        return _Chosen(bytearray(was and next(rest) for was in self.good), names)


def run(inputs: Inputs, options: CleanOptions | None, wanted: Wanted, engine: Engine, messages: Messages, out: Out) -> None:
    """Group the articles that the inputs name, cleaned first unless `options` is None."""
    from cleaner.group.stories.features import MIN_WORDS  # numpy: only grouping pays for it

    sources = inputs.sources(messages)
    _check(wanted, sources, inputs, out)
    if wanted.mode == "unique":
        sources = records.SourceList(map(records.rereadable, sources))
    copies_only = wanted.copies_only or wanted.mode == "unique"
    work = Work(
        options,
        inputs.fields,
        metadata=True,
        only_articles=inputs.selection.only_articles,
        summary="copies" if copies_only else "stories",
        openings=wanted.mode != "unique",
    )
    read = _Read()
    for _, item in summaries(sources, work, engine, messages):
        read.take(item)
    for name in read.collection.make_unique():
        messages.repeated(name)
    if short := read.collection.too_short():
        subject = "1 article is" if short == 1 else f"{short} articles are"
        messages.say(f"{subject} too short to tell an event (fewer than {MIN_WORDS} words): only copies are found of them")
    with messages.progress.doing("grouping"):
        groups = read.collection.groups(copies_only, wanted.stories)
    if wanted.mode == "unique":
        kept = _originals(sources, inputs, engine, read.chosen(groups, wanted.keep), messages)
        _write_unique(kept, wanted, messages, out)
    elif wanted.mode == "json" or wanted.to:
        rows: Iterator[Mapping[str, object]] = group_records(groups, read.numbers, read.known)
        if wanted.to in TABLES:
            for data in encoded(group_rows(rows, read.known.openings), wanted.to):
                out.raw(data)
            return
        for lines in in_lines(rows):
            out.exact(lines)
    elif len(read.collection) or not messages.failures:
        from cleaner.report import groups as report

        ids = read.collection.ids
        articles = {name: replace(opening, id=name) for name, opening in zip(ids, read.known.openings, strict=True)}
        if wanted.mode == "html":
            _page(groups, read.known, out)
        else:
            found = read.known.headlines(groups)
            headlines = {groups.ids[story]: found[story] for story in set(groups.story.tolist())}
            report.overview(out.console(), groups.grouping(), articles, headlines)


def _page(groups: Groups, known: Known, out: Out) -> None:
    """The same as one page."""
    from cleaner.report.page import run as page
    from cleaner.report.page.entries import Entries

    out.page()
    for piece in page.groups(Entries(groups, known.openings), known.headlines(groups)):
        out.exact(piece)


def _check(wanted: Wanted, sources: Iterable[Source], inputs: Inputs, out: Out) -> None:
    """Raises Usage where what is wanted cannot be had of these inputs."""
    files = "-o" if wanted.directory else "--paths" if wanted.paths else ""
    check_output(wanted.to, files.strip("-") or ("json" if wanted.mode == "json" else ""))
    if wanted.mode == "unique" and not files:
        check_columns(sources, wanted.to)
    if wanted.to == "text" and wanted.mode != "unique":
        raise Usage("--to text goes with --unique: groups are no text")
    if wanted.to == "parquet" and out.terminal:
        raise Usage("--to parquet is nothing for a terminal: lead it into a file")
    if files and wanted.mode != "unique":
        raise Usage(f"{files} goes with --unique")
    if files:
        several = next((source.name for source in sources if not source.single or source.path is None), "")
        if several:
            raise Usage(f"{several}: {files} is for files of one article each")
    if wanted.directory:
        checked_places(Places(Path(wanted.directory), None), sources, inputs.paths)


def _write_unique(
    kept: Iterable[tuple[Source, Mapping[str, object], str]], wanted: Wanted, messages: Messages, out: Out
) -> None:
    """The articles that are kept: copied, listed, or as records."""
    encoder = records.encoder(wanted.to)
    try:
        for source, record, text in kept:
            if wanted.paths:
                out.exact(source.name + "\n")
            elif wanted.directory and source.path is not None:
                try:
                    data = source.path.read_bytes()
                    records.write_atomically(Path(wanted.directory) / source.rel, [data], source.path.stat().st_mode & 0o777)
                except OSError as error:
                    messages.fail(Failure(source.name, records.reason(error)))
            else:
                out.raw(encoder.add(record, text))
        for data in encoder.close():
            out.raw(data)
    except records.Unreadable as error:
        raise Usage(str(error)) from None


@dataclass(frozen=True, slots=True)
class _Chosen:
    """The one to keep of each copy group: `wanted` says of each item whether it is one, `names` are their ids."""

    wanted: bytearray
    names: list[str]


def _originals(
    sources: Iterable[Source], inputs: Inputs, engine: Engine, chosen: _Chosen, messages: Messages
) -> Iterator[tuple[Source, Mapping[str, object], str]]:
    """The chosen items of the sources, which are read a second time, with the fields and the text they came with."""
    given, name, fields = 0, "the input", inputs.fields
    for source, item in cleaned(sources, Work(None, fields), engine, chosen.wanted):
        name = source.name
        if isinstance(item, Failure):
            messages.fail(item)
        else:
            text = item.result.source
            yield source, item.article.record or {fields.id: chosen.names[given], fields.text: text}, text
        given += 1
    if given < len(chosen.names):
        messages.fail(Failure(name, "changed while it was read"))
