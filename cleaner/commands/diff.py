"""cleaner diff: what was removed and why; how two articles, or the tellings of a story, differ."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from cleaner import records
from cleaner.commands import clean as clean_command
from cleaner.commands.intake import Inputs, cleaned
from cleaner.commands.ledger import Ledger, Usage
from cleaner.commands.output import Out
from cleaner.diff import Story
from cleaner.diff import story as tellings_of
from cleaner.engine import Engine
from cleaner.model import Article, Failure
from cleaner.records import Source
from cleaner.report import as_json


@dataclass(frozen=True, slots=True)
class How:
    """What is compared, and what becomes of it."""

    form: str = "terminal"  # or json, patch, html
    cleaning: bool = True
    story: str | None = None


def run(inputs: Inputs, how: How, engine: Engine, ledger: Ledger, out: Out) -> None:
    """Show what cleaning removes from one input, or how two inputs, or the tellings of a story, differ."""
    if how.form == "patch" and (how.story is not None or len(inputs.paths) > 1):
        raise Usage("--patch is of what cleaning removes from plain-text files, not of how articles differ")
    if how.story is not None:
        if len(inputs.paths) != 1:
            raise Usage("--story ID takes one path: the output directory of `cleaner run`")
        _story(how, Path(inputs.paths[0]), ledger, out)
    elif len(inputs.paths) == 2:
        if inputs.paths.count("-") > 1:
            raise Usage("-: standard input can be read only once")
        _pair(inputs, how, engine, ledger, out)
    elif len(inputs.paths) < 2:
        if not how.cleaning:
            raise Usage("--no-clean goes with two articles: of one, the report is of what cleaning removes")
        mode = "diff" if how.form == "terminal" else how.form
        clean_command.run(inputs, clean_command.How(mode=mode), engine, ledger, out)
    else:
        raise Usage("diff takes one input, or two to compare")


def _pair(inputs: Inputs, how: How, engine: Engine, ledger: Ledger, out: Out) -> None:
    articles: list[tuple[str, Article]] = []
    for name in inputs.paths:
        found = _only(replace(inputs, paths=(name,)), how, engine, ledger)
        if found:
            articles.append((name, found))
    if len(articles) < 2:
        return
    story = tellings_of([replace(article, id=name) for name, article in articles])
    if how.form == "json":
        _print_json(as_json.comparison(story.tellings[0].comparison, story), out)
    else:
        _show(story, how.form, out)


def _print_json(value: dict[str, object], out: Out) -> None:
    out.exact(json.dumps(value, ensure_ascii=False) + "\n")


def _show(story: Story, form: str, out: Out) -> None:
    if form == "html":
        from cleaner.report.page import tellings as page

        out.page()
        out.exact("".join(page.story(story)))
    else:
        from cleaner.report import tellings

        tellings.tellings(out.console(), story)


def _only(inputs: Inputs, how: How, engine: Engine, ledger: Ledger) -> Article | None:
    """The one article of an input; None where it failed. Raises Usage where there are several."""
    sources = inputs.sources(ledger)
    items = []
    for _, item in cleaned(sources, inputs, engine, metadata=True, cleaning=how.cleaning):
        if isinstance(item, Failure):
            ledger.fail(item)
        else:
            items.append(item)
        if len(items) > 1:
            raise Usage(f"{inputs.paths[0]}: holds several articles; diff compares two files of one article each")
    if not items and not ledger.failures:
        ledger.fail(Failure(inputs.paths[0], "no article in it"))
    return items[0].as_article() if items else None


def _story(how: How, directory: Path, ledger: Ledger, out: Out) -> None:
    try:
        story, wanted = _members(directory / "groups.jsonl", str(how.story))
        if not wanted:
            raise Usage(f"{directory}: no story {how.story}; the ids of stories are in {directory / 'groups.jsonl'}")
        articles = _tellings(directory, wanted)
    except (OSError, records.Unreadable) as error:
        ledger.fail(Failure(str(directory), f"not the output of a run: {records.reason(error)}"))
        return
    head = articles.pop(story, None) or next(iter(articles.values()))
    told = tellings_of([head, *(a for a in articles.values() if a is not head)])
    if how.form == "json":
        _print_json(as_json.tellings(told), out)
    else:
        _show(told, how.form, out)


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
            source = Source(str(path), path.name, path, "text" if path.suffix == ".txt" else "jsonl")
            items = list(records.read(source, fields))
            item = items[row["place"]]
            if isinstance(item, Article):
                found[str(row["id"])] = Article(
                    text=item.text,
                    id=str(row["id"]),
                    title=row.get("title") or item.title,
                    date=row.get("date") or item.date,
                )
    return found
