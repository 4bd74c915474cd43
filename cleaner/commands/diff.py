"""cleaner diff: how two articles, or the tellings of a story of a run, differ."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import msgspec

from cleaner import records
from cleaner.commands import stories
from cleaner.commands.inputs import Inputs, note
from cleaner.commands.messages import Messages, Usage
from cleaner.commands.outdir import UNFINISHED
from cleaner.commands.output import Out
from cleaner.diff import Story
from cleaner.diff import story as tellings_of
from cleaner.model import Article, Failure
from cleaner.options import CleanOptions
from cleaner.pipeline import Cleaned, Work, opening
from cleaner.records import Source
from cleaner.report import as_json
from cleaner.text import did_you_mean, shown

Form = Literal["terminal", "json", "patch", "html"]
_RECORD = re.compile(r"(.+)#(\d{1,12})", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Shown:
    """What is shown: as what, all of it instead of the beginning of each part, and what is not sure too."""

    form: Form = "terminal"
    full: bool = False
    unsure: bool = False


def checked(paths: Sequence[str], story: str | None, ids: Sequence[str], cleaning: bool, form: Form) -> Form:
    """The form of the report, where that can be made of what was named: one input, two, ids, or a story. Raises Usage."""
    if form == "patch" and (story is not None or ids or len(paths) > 1):
        raise Usage("--patch is of what cleaning removes from plain-text files, not of how articles differ")
    if story is not None:
        if len(paths) != 1 or ids:
            raise Usage("--story ID takes one path: the output directory of `cleaner run`")
    elif ids:
        if len(ids) != 2 or not paths:
            raise Usage("--id goes in twos, with the files that hold the records: --id ONE --id OTHER FILE ...")
    elif len(paths) > 2:
        raise Usage("diff takes one input, or two to compare")
    elif len(paths) < 2 and not cleaning:
        raise Usage("--no-clean goes with two articles: of one, the report is of what cleaning removes")
    return form


def pair(
    inputs: Inputs, ids: Sequence[str], options: CleanOptions | None, view: Shown, messages: Messages, out: Out
) -> None:
    """How two articles differ, cleaned first unless `options` is None: those of two inputs, or with two ids."""
    if inputs.paths.count("-") > 1:
        raise Usage("-: standard input can be read only once")
    found = _with_ids(inputs, ids, messages) if ids else [_only(inputs, name, messages) for name in inputs.paths]
    articles: list[Article] = []
    for name, source, article in filter(None, found):
        (item,) = Work(options, inputs.fields, metadata=True)([article])
        if isinstance(item, Cleaned):
            note(item, source, messages)
            articles.append(msgspec.structs.replace(item.as_article(), id=name, site=opening(item.article).site))
        elif isinstance(item, Failure):
            messages.fail(item)
    if len(articles) < 2:
        return
    story = tellings_of(articles)
    if view.form == "json":
        _print_json(as_json.comparison(story.comparison(1), story), out)
    else:
        _show(story, replace(view, full=True), out)


def _print_json(value: dict[str, object], out: Out) -> None:
    out.exact(json.dumps(value, ensure_ascii=False) + "\n")


def _show(story: Story, view: Shown, out: Out) -> None:
    if view.form == "html":
        from cleaner.report.page import tellings as page

        out.page()
        out.exact("".join(page.story(story)))
    else:
        from cleaner.report import tellings

        tellings.tellings(out.console(), story, view.full, view.unsure)


_Found = tuple[str, Source, Article]  # under its name


def _only(inputs: Inputs, name: str, messages: Messages) -> _Found | None:
    """The article of an input, or with FILE#N the Nth of it; None where it failed. Raises Usage where it is not one."""
    match = None if Path(name).exists() else _RECORD.fullmatch(name)
    path, number = (match[1], int(match[2])) if match and (match[1] == "-" or Path(match[1]).exists()) else (name, 0)
    if path != name and not number:
        raise Usage(f"{shown(name)}: records are counted from 1")
    items = _taken(
        replace(inputs, paths=(path,)), lambda place, _: not number or place == number, messages, 1 if number else 2
    )
    if len(items) > 1:
        raise Usage(f"{shown(name)}: holds several articles; {shown(name)}#1 is the first, and --id takes one by its id")
    if not items and not messages.failures:
        messages.fail(Failure(name, f"no record {number} in it" if number else "no article in it"))
    return (name, *items[0]) if items else None


def _with_ids(inputs: Inputs, ids: Sequence[str], messages: Messages) -> list[_Found | None]:
    """The articles of two ids. Raises Usage where the inputs do not hold one."""
    known: dict[str, None] = {}

    def asked(_: int, article: Article) -> bool:
        known.setdefault(article.id)
        return article.id in ids

    items = {article.id: (source, article) for source, article in reversed(_taken(inputs, asked, messages, 0))}
    for name in ids:
        if name not in items and not messages.failures:
            raise Usage(f"--id {shown(name)}: no record has this id{did_you_mean(name, known)}")
    return [(name, *items[name]) for name in ids if name in items]


def _taken(
    inputs: Inputs, test: Callable[[int, Article], bool], messages: Messages, most: int
) -> list[tuple[Source, Article]]:
    """The articles of the inputs that a test takes, by their number in the input, from 1, and how they were read; `most` of
    them, where that is not 0."""
    found: list[tuple[Source, Article]] = []
    for source in inputs.sources(messages):
        for number, item in enumerate(records.read(source, inputs.fields), 1):
            if isinstance(item, Failure):
                if not most or test(number, Article()):
                    messages.fail(item)
            elif test(number, item):
                found.append((source, item))
                if len(found) == most:
                    return found
    return found


def story(directory: Path, wanted: str, view: Shown, messages: Messages, out: Out) -> None:
    """How the tellings of a story differ, which a run has written to the directory; see stories.kept for what is wanted."""
    if (directory / UNFINISHED).exists():
        messages.note("runs", str(directory), "not finished: `cleaner run` with the same arguments goes on with it")
    try:
        kept = stories.kept(directory, wanted)
    except (OSError, records.Unreadable, KeyError) as error:
        why = "a row lacks a field" if isinstance(error, KeyError) else records.reason(error)
        if isinstance(error, FileNotFoundError) and directory.exists():
            why = f"it has no {Path(error.filename).name}"
        messages.fail(Failure(str(directory), f"not the output of a run: {why}"))
        return
    told = replace(tellings_of(kept.articles, kept.kinships), headline=kept.headline)
    if view.form == "json":
        _print_json(as_json.tellings(told), out)
    else:
        _show(told, view, out)
