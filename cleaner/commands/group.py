"""cleaner group: group copies and stories."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from itertools import islice
from typing import TYPE_CHECKING

from cleaner import records
from cleaner.commands.intake import Inputs, Summed, cleaned, note_if_empty, summed
from cleaner.commands.ledger import Ledger
from cleaner.commands.output import Out
from cleaner.engine import Engine
from cleaner.model import Article, Failure
from cleaner.options import StoryOptions
from cleaner.records import Source

if TYPE_CHECKING:
    from cleaner.group.collection import Collection, Groups

ROWS = 1000  # records that are written at once


@dataclass(frozen=True, slots=True)
class How:
    """What is compared, and what becomes of it."""

    mode: str = "overview"  # overview, json, unique
    cleaning: bool = True
    copies_only: bool = False
    dials: StoryOptions = field(default_factory=StoryOptions)


def run(inputs: Inputs, how: How, engine: Engine, ledger: Ledger, out: Out) -> None:
    """Group the articles that the inputs name."""
    from cleaner.group.collection import Collection

    sources = inputs.sources(ledger)
    if how.mode == "unique":
        sources = [records.kept(source) for source in sources]
    copies_only = how.copies_only or how.mode == "unique"
    collection = Collection()
    openings: list[Article] = []
    numbers = bytearray()  # of each article whether its id was given as a whole number
    read = bytearray()  # of each item that was read whether it became an article
    items = summed(
        sources,
        inputs,
        engine,
        cleaning=how.cleaning,
        grouping="copies" if copies_only else "stories",
        openings=how.mode == "overview",
    )
    for item in ledger.progress.over(items, "read", lambda item: len(item) if isinstance(item, Summed) else 1):
        if isinstance(item, Failure):
            ledger.fail(item)
            read.append(False)
            continue
        for name, why in zip(item.summary.ids, item.empty, strict=True):
            note_if_empty(name, why, ledger)
        collection.add(item.summary)
        numbers += item.numbers
        openings += item.openings
        read += b"\1" * len(item)
    warn_of_repeated(collection, ledger)
    with ledger.progress.doing("grouping"):
        groups = collection.groups(copies_only, how.dials)
    if how.mode == "json":
        for lines in in_lines(rows(groups, numbers)):
            out.exact(lines)
    elif how.mode == "unique":
        representatives = groups.is_representative()
        next_one = iter(representatives)
        wanted = bytearray(was and next(next_one) for was in read)
        names = [name for name, own in zip(groups.ids, representatives, strict=True) if own]
        for lines in in_lines(_representatives(sources, inputs, engine, wanted, names, ledger)):
            out.exact(lines)
    elif len(collection) or not ledger.failures:
        from cleaner.report import groups as report

        ids = collection.ids
        articles = {name: replace(opening, id=name) for name, opening in zip(ids, openings, strict=True)}
        report.overview(out.console(), groups.grouping(), articles)


def warn_of_repeated(collection: Collection, ledger: Ledger) -> None:
    """Make the ids unique, with a warning for each that was repeated."""
    for name in collection.make_unique():
        ledger.note("repeated ids", name, "the id is repeated: the later ones are called ~2, ~3")


def rows(groups: Groups, numbers: Sequence[int]) -> Iterator[dict[str, object]]:
    """One record an article, in order, with its ids as they were given.

    What the tellings of a story share stands in its representative's record alone.
    """
    ids: Sequence[object] = groups.ids
    if any(numbers):  # one that was renamed since is no number any more
        ids = [int(name) if was and "~" not in name else name for name, was in zip(groups.ids, numbers, strict=True)]
    for start in range(0, len(ids), ROWS):
        some = slice(start, start + ROWS)
        similarity = groups.similarity[some].round(4).tolist()
        found = zip(ids[some], groups.story[some].tolist(), groups.copy[some].tolist(), similarity, strict=True)
        for i, (name, story, copy, alike) in enumerate(found, start):
            row = {"id": name, "story": ids[story], "copy": ids[copy], "similarity": alike}
            if groups.form[i] >= 0:
                row["form"] = ids[groups.form[i]]
            if i in groups.shares:
                row["shares"] = [{"id": ids[other], "words": words} for other, words in groups.shares[i]]
            if i in groups.shared:
                row["shared"] = asdict(groups.shared[i])
            yield row


def in_lines(rows: Iterable[Mapping[str, object]]) -> Iterator[str]:
    """Records as lines of JSON, a good many at a time."""
    rest = iter(rows)
    while some := list(islice(rest, ROWS)):
        yield "".join(records.dumps(row) + "\n" for row in some)


def _representatives(
    sources: Sequence[Source], inputs: Inputs, engine: Engine, wanted: bytearray, names: Sequence[str], ledger: Ledger
) -> Iterator[Mapping[str, object]]:
    """The wanted items of the sources, which are read a second time, with the fields and the text they came with."""
    given, name = 0, "the input"
    for source, item in cleaned(sources, inputs, engine, cleaning=False, wanted=wanted):
        name = source.name
        if isinstance(item, Failure):
            ledger.fail(item)
        else:
            fields = inputs.fields
            yield item.article.record or {fields.id: names[given], fields.text: item.result.source}
        given += 1
    if given < len(names):
        ledger.fail(Failure(name, "changed while it was read"))
