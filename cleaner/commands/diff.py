"""cleaner diff: how two articles, or the tellings of a story of a run, differ."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal

from cleaner import records
from cleaner.commands.inputs import Inputs, note
from cleaner.commands.messages import Messages, Usage
from cleaner.commands.outdir import UNFINISHED
from cleaner.commands.output import Out
from cleaner.diff import Story
from cleaner.diff import story as tellings_of
from cleaner.engine import Engine
from cleaner.model import Article, Failure
from cleaner.options import CleanOptions
from cleaner.pipeline import Work, cleaned
from cleaner.records import Source
from cleaner.report import as_json

Form = Literal["terminal", "json", "patch", "html"]


def checked(paths: Sequence[str], story: str | None, cleaning: bool, form: Form) -> Form:
    """The form of the report, where that can be made of what was named: one input, two, or a story. Raises Usage."""
    if form == "patch" and (story is not None or len(paths) > 1):
        raise Usage("--patch is of what cleaning removes from plain-text files, not of how articles differ")
    if story is not None:
        if len(paths) != 1:
            raise Usage("--story ID takes one path: the output directory of `cleaner run`")
    elif len(paths) > 2:
        raise Usage("diff takes one input, or two to compare")
    elif len(paths) < 2 and not cleaning:
        raise Usage("--no-clean goes with two articles: of one, the report is of what cleaning removes")
    return form


def pair(inputs: Inputs, options: CleanOptions | None, form: Form, engine: Engine, messages: Messages, out: Out) -> None:
    """How the articles of two inputs differ, cleaned first unless `options` is None."""
    if inputs.paths.count("-") > 1:
        raise Usage("-: standard input can be read only once")
    articles: list[tuple[str, Article]] = []
    for name in inputs.paths:
        found = _only(replace(inputs, paths=(name,)), options, engine, messages)
        if found:
            articles.append((name, found))
    if len(articles) < 2:
        return
    story = tellings_of([replace(article, id=name) for name, article in articles])
    if form == "json":
        _print_json(as_json.comparison(story.tellings[0].comparison, story), out)
    else:
        _show(story, form, out)


def _print_json(value: dict[str, object], out: Out) -> None:
    out.exact(json.dumps(value, ensure_ascii=False) + "\n")


def _show(story: Story, form: Form, out: Out) -> None:
    if form == "html":
        from cleaner.report.page import tellings as page

        out.page()
        out.exact("".join(page.story(story)))
    else:
        from cleaner.report import tellings

        tellings.tellings(out.console(), story)


def _only(inputs: Inputs, options: CleanOptions | None, engine: Engine, messages: Messages) -> Article | None:
    """The one article of an input; None where it failed. Raises Usage where there are several."""
    items = []
    for source, item in cleaned(inputs.sources(messages), Work(options, inputs.fields, metadata=True), engine):
        if isinstance(item, Failure):
            messages.fail(item)
        else:
            note(item, source, messages)
            items.append(item)
        if len(items) > 1:
            raise Usage(f"{inputs.paths[0]}: holds several articles; diff compares two files of one article each")
    if not items and not messages.failures:
        messages.fail(Failure(inputs.paths[0], "no article in it"))
    return items[0].as_article() if items else None


def story(directory: Path, wanted: str, form: Form, messages: Messages, out: Out) -> None:
    """How the tellings of a story differ, which a run has written to the directory; `wanted` is the id of one of them."""
    if (directory / UNFINISHED).exists():
        messages.note("runs", str(directory), "not finished: `cleaner run` with the same arguments goes on with it")
    try:
        name, ids = _members(directory / "groups.jsonl", wanted)
        if not ids:
            raise Usage(f"{directory}: no story {wanted}; the ids of stories are in {directory / 'groups.jsonl'}")
        articles = _tellings(directory, ids)
    except (OSError, records.Unreadable) as error:
        messages.fail(Failure(str(directory), f"not the output of a run: {records.reason(error)}"))
        return
    head = articles.pop(name, None) or next(iter(articles.values()))
    told = tellings_of([head, *(a for a in articles.values() if a is not head)])
    if form == "json":
        _print_json(as_json.tellings(told), out)
    else:
        _show(told, form, out)


def _members(groups: Path, wanted: str) -> tuple[str, set[str]]:
    """The story that has the id, or that the article of that id is in, and the ids of its articles."""
    rows = [row for row in map(records.loads, groups.read_bytes().splitlines()) if isinstance(row, Mapping)]
    story = next((str(row["story"]) for row in rows if wanted in (str(row.get("id")), str(row.get("story")))), wanted)
    return story, {str(row["id"]) for row in rows if str(row.get("story")) == story}


def _tellings(directory: Path, wanted: set[str]) -> dict[str, Article]:
    """The cleaned articles of a run with the wanted ids, by id, in the order of the run."""
    found: dict[str, Article] = {}
    for line in (directory / "manifest.jsonl").read_bytes().splitlines():
        row = records.loads(line)
        if str(row.get("id")) in wanted and row.get("output"):
            path = directory / str(row["output"])
            fields = records.Fields(**row["fields"]) if "fields" in row else records.Fields()
            packed = path.suffix if path.suffix == ".zst" else ""  # of a shard
            source = Source(str(path), path.name, path, _WRITTEN.get(path.suffix, "jsonl"), packed)
            items = list(records.read(source, fields))
            if row.get("parted") and isinstance(items[0], Article):
                items = [replace(items[0], text=text) for text in items[0].text.split("\f")]
            item = items[row["place"]]
            if isinstance(item, Article):
                found[str(row["id"])] = Article(
                    text=item.text,
                    id=str(row["id"]),
                    title=row.get("title") or item.title,
                    date=row.get("date") or item.date,
                )
    return found


_WRITTEN = {".txt": "text", ".csv": "csv", ".parquet": "parquet"}
