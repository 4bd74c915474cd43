"""cleaner index: new articles against all before."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal

from cleaner.commands.inputs import Inputs, summaries
from cleaner.commands.messages import Messages, Usage
from cleaner.commands.output import Out
from cleaner.commands.records_out import encoded, in_lines
from cleaner.dates import date_of
from cleaner.engine import Engine
from cleaner.index import contents, news
from cleaner.index.file import IndexFile
from cleaner.index.opening import is_served, open_index
from cleaner.index.rows import Given, given
from cleaner.model import Failure, IndexFault
from cleaner.options import CleanOptions, StoryOptions
from cleaner.pipeline import Work
from cleaner.text import did_you_mean, shown

Form = Literal["digest", "json", "html"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What becomes of new articles: whether they are kept, and how it is told what they are; `to` is csv, parquet or jsonl
    where that is a table."""

    keep: bool = True
    form: Form = "digest"
    to: str = ""
    stories: StoryOptions = field(default_factory=StoryOptions)


@contextmanager
def _opened(path: str, make: bool = False) -> Iterator[IndexFile]:
    """The index. Raises Usage where it cannot be used."""
    try:
        file = open_index(path, make)
        try:
            yield file
        finally:
            file.close()
    except IndexFault as fault:
        raise Usage(str(fault)) from None


def take(
    path: str, inputs: Inputs, options: CleanOptions | None, wanted: Wanted, engine: Engine, messages: Messages, out: Out
) -> None:
    """Say what the articles that the inputs name are to the index, cleaned first unless `options` is None, and keep them."""
    if wanted.to == "text":
        raise Usage("--to text: news are no text; it is one of jsonl, csv, parquet")
    if is_served(path) or Path(path).exists() or not wanted.keep:  # what cannot be used is said before anything is read
        with _opened(path, wanted.keep):
            pass
    work = Work(
        options,
        inputs.fields,
        metadata=True,
        only_articles=inputs.selection.only_articles,
        summary="stories",
        openings=True,
        statements=True,
    )
    parts = _parts(_read(inputs, work, engine, messages), news.AT_ONCE if wanted.keep else sys.maxsize)
    first = next(parts, [])
    if not first and messages.failures:
        return
    with _opened(path, wanted.keep) as file:
        if wanted.keep:
            every = (part for some in ([first], parts) for part in some)
            told = news.add(
                file, every, wanted.stories, lambda: messages.say(f"{shown(file.path)}: waiting for another writer")
            )
        else:
            told = news.query(file, first, wanted.stories)
    _tell(told, wanted, out)


def _read(inputs: Inputs, work: Work, engine: Engine, messages: Messages) -> Iterator[Given]:
    """The articles of the inputs; what cannot be used of them is said."""
    unnamed = False
    for source, item in summaries(inputs.sources(messages), work, engine, messages):
        if item is None:
            continue
        if source.path is None and not unnamed and any(name.startswith("-#") for name in item.summary.ids):
            unnamed = True
            messages.say(
                "-: articles without an id are called -#1, -#2, ...: when others of these names are added, they are taken "
                "for new versions of these"
            )
        yield from given(item)


def _parts(articles: Iterable[Given], size: int) -> Iterator[list[Given]]:
    part: list[Given] = []
    for one in articles:
        part.append(one)
        if len(part) >= size:
            yield part
            part = []
    if part:
        yield part


def _tell(told: news.Told, wanted: Wanted, out: Out) -> None:
    if wanted.form == "html":
        from cleaner.report.page import news as page

        for piece in page.digest(told):
            out.exact(piece + "\n")
    elif wanted.form == "json" or wanted.to:
        records = map(_record, told.articles)
        if wanted.to in ("csv", "parquet"):
            for data in encoded(records, wanted.to):
                out.raw(data)
            return
        for lines in in_lines(records):
            out.exact(lines)
    else:
        from cleaner.report import news as report

        report.digest(out.console(), told)


def _record(one: news.News) -> Mapping[str, object]:
    row = {"id": one.id, "story": one.story, "copy": one.copy, "news": one.news, "similarity": one.similarity}
    known = {"title": one.title, "site": one.site, "date": one.date, "url": one.url}
    return row | {name: value for name, value in known.items() if value}


def stories(path: str, since: str | None, grew: bool, json: bool, out: Out) -> None:
    """List the stories of the index."""
    day = _day("--since", since) if since else None
    with _opened(path) as file, file.reading():
        found = contents.stories(file, day, grew)
        if json:
            for lines in in_lines(_story_record(one) for one in found):
                out.exact(lines)
            return
        from cleaner.report import news as report

        report.stories(out.console(), list(found))


def _story_record(one: contents.IndexedStory) -> Mapping[str, object]:
    return {
        "story": one.story,
        "members": one.members,
        "was": one.was,
        "headline": one.headline,
        "first": one.first,
        "last": one.last,
        "tellings": one.tellings,
        "outlets": one.outlets,
        "grew": one.grew,
    }


def show(path: str, name: str, json: bool, out: Out) -> None:
    """Show one story."""
    with _opened(path) as file, file.reading():
        try:
            story, members, shared = contents.members(file, name)
        except KeyError:
            meant = did_you_mean(name, contents.ids(file))
            raise Usage(f"{shown(file.path)}: has no article of the id {shown(name)}{meant}") from None
    if json:
        rows = [
            {"id": one.id, "copy": one.copy, "added": one.added}
            | {key: value for key in ("title", "site", "date", "url") if (value := getattr(one.article, key))}
            for one in members
        ]
        common = {"names": shared.names, "numbers": shared.numbers, "phrases": shared.phrases}
        for lines in in_lines([{"story": story, "members": rows, "shared": common}]):
            out.exact(lines)
        return
    from cleaner.report import news as report

    report.story(out.console(), members, shared)


def forget(path: str, before: str, messages: Messages, out: Out) -> None:
    """Take out what was last told before a day."""
    day = _day("--before", before)
    with (
        _opened(path) as file,
        file.writing(lambda: messages.say(f"{shown(file.path)}: waiting for another writer")),
    ):
        articles, gone = contents.forget(file, day)
        left = contents.size(file)
    from cleaner.report import counted

    out.say(
        f"forgot {counted(gone, 'story')} of {counted(articles, 'article')}; {counted(left.stories, 'story')} of "
        f"{counted(left.articles, 'article')} left\n"
    )


def check(path: str, messages: Messages, out: Out) -> None:
    """Say whether the index is whole."""
    from cleaner.report import counted

    with _opened(path) as file, file.reading():
        for fault in contents.faults(file):
            messages.fail(Failure(file.path, fault))
        if messages.failures:
            return
        size = contents.size(file)
    each = f", {size.bytes / size.articles:,.0f} an article" if size.articles else ""
    out.say(
        f"whole: {counted(size.articles, 'article')}, {counted(size.stories, 'story')}, "
        f"{counted(size.bytes, 'byte')}{each}\n"
    )


def _day(option: str, value: str) -> date:
    found = date_of(value)
    if found is None:
        raise Usage(f"{option} {value}: no date; write it as 2024-03-18")
    return date.fromisoformat(found)
