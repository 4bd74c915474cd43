"""cleaner group: group copies and stories."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from cleaner import records
from cleaner.commands.inputs import Inputs
from cleaner.commands.messages import Messages
from cleaner.commands.output import Out
from cleaner.commands.records_out import group_records, in_lines
from cleaner.engine import Engine
from cleaner.model import Article, Failure
from cleaner.options import CleanOptions, Keep, StoryOptions
from cleaner.pipeline import Summaries, Work, cleaned, summed_up
from cleaner.records import Source

if TYPE_CHECKING:
    from cleaner.group.collection import Collection, Groups


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is grouped, and what becomes of it."""

    mode: Literal["overview", "json", "unique"] = "overview"
    copies_only: bool = False
    keep: Keep = "earliest"  # of each copy group, where the mode is unique
    stories: StoryOptions = field(default_factory=StoryOptions)


class _Read:
    """What is known of the articles that were read: for grouping, and for naming them afterwards."""

    def __init__(self) -> None:
        from cleaner.group.collection import Collection

        self.collection: Collection = Collection()
        self.openings: list[Article] = []
        self.numbers = bytearray()  # of each article whether its id was given as a whole number
        self.good = bytearray()  # of each item that was read whether it became an article

    def take(self, source: Source, item: Summaries | Failure, messages: Messages) -> None:
        if isinstance(item, Failure):
            messages.fail(item)
            self.good.append(False)
            return
        messages.read(source.name)
        for name, remark in item.remarks:
            messages.remark(name, remark)
        for name, why in zip(item.summary.ids, item.no_article, strict=True):
            if why:
                messages.no_article(name, why)
        self.collection.add(item.summary)
        self.numbers += item.numbers
        self.openings += item.openings
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
    if wanted.mode == "unique":
        sources = [records.rereadable(source) for source in sources]
    copies_only = wanted.copies_only or wanted.mode == "unique"
    work = Work(
        options,
        inputs.fields,
        metadata=True,
        only_articles=inputs.only_articles,
        summary="copies" if copies_only else "stories",
        openings=wanted.mode == "overview",
    )
    read = _Read()
    items = summed_up(sources, work, engine)
    for source, item in messages.progress.over(items, "read", _articles):
        read.take(source, item, messages)
    for name in read.collection.make_unique():
        messages.repeated(name)
    if short := read.collection.too_short():
        subject = "1 article is" if short == 1 else f"{short} articles are"
        messages.say(f"{subject} too short to tell an event (fewer than {MIN_WORDS} words): only copies are found of them")
    with messages.progress.doing("grouping"):
        groups = read.collection.groups(copies_only, wanted.stories)
    if wanted.mode == "json":
        for lines in in_lines(group_records(groups, read.numbers)):
            out.exact(lines)
    elif wanted.mode == "unique":
        for lines in in_lines(_originals(sources, inputs, engine, read.chosen(groups, wanted.keep), messages)):
            out.exact(lines)
    elif len(read.collection) or not messages.failures:
        from cleaner.report import groups as report

        ids = read.collection.ids
        articles = {name: replace(opening, id=name) for name, opening in zip(ids, read.openings, strict=True)}
        report.overview(out.console(), groups.grouping(), articles)


def _articles(read: tuple[Source, Summaries | Failure]) -> int:
    return len(read[1]) if isinstance(read[1], Summaries) else 1


@dataclass(frozen=True, slots=True)
class _Chosen:
    """The one to keep of each copy group: `wanted` says of each item whether it is one, `names` are their ids."""

    wanted: bytearray
    names: list[str]


def _originals(
    sources: Sequence[Source], inputs: Inputs, engine: Engine, chosen: _Chosen, messages: Messages
) -> Iterator[Mapping[str, object]]:
    """The chosen items of the sources, which are read a second time, with the fields and the text they came with."""
    given, name, fields = 0, "the input", inputs.fields
    for source, item in cleaned(sources, Work(None, fields), engine, chosen.wanted):
        name = source.name
        if isinstance(item, Failure):
            messages.fail(item)
        else:
            yield item.article.record or {fields.id: chosen.names[given], fields.text: item.result.source}
        given += 1
    if given < len(chosen.names):
        messages.fail(Failure(name, "changed while it was read"))
