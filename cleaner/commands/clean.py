"""cleaner clean: strip the boilerplate from articles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Literal

from cleaner import records
from cleaner.commands.inputs import Inputs, note, with_learned
from cleaner.commands.messages import Messages, Usage
from cleaner.commands.output import Out
from cleaner.commands.writers import (
    Check,
    InPlace,
    Patches,
    Places,
    Report,
    ToDirectory,
    ToStandardOutput,
    Writer,
    check_columns,
    check_output,
    checked_places,
    rewritable,
)
from cleaner.engine import Engine
from cleaner.model import Failure
from cleaner.options import CleanOptions
from cleaner.pipeline import Cleaned, Work, cleaned
from cleaner.records import Source
from cleaner.rules import Rule

Mode = Literal["text", "json", "diff", "patch", "html", "check", "in-place"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What becomes of the cleaned articles; `directory` is where one file an input is written."""

    mode: Mode = "text"
    directory: str | None = None
    learn: bool = False
    to: str = ""  # one of records.OUTPUTS
    rules_out: str | None = None  # where what was learned is written


def run(inputs: Inputs, options: CleanOptions, wanted: Wanted, engine: Engine, messages: Messages, out: Out) -> None:
    """Clean what the inputs name. Raises Usage before anything is written."""
    sources = inputs.sources(messages)
    check_output(wanted.to, wanted.mode if wanted.mode != "text" else "")
    alone = wanted.mode == "text" and not wanted.directory and not wanted.to
    if alone and len(sources) > 1 and any(source.single for source in sources):
        raise Usage(f"{len(sources)} inputs: say -o DIR, --in-place, --json, --diff or --check")
    full = wanted.mode == "json"
    to = "jsonl" if full else wanted.to
    places = checked_places(Places(Path(wanted.directory), to), sources, inputs.paths) if wanted.directory else None
    if wanted.learn:
        own = len(options.rules)
        options = with_learned(options, sources, inputs.fields, engine, messages)
        if wanted.rules_out is not None:
            _write_rules(options.rules[: len(options.rules) - own], wanted.rules_out, sources)
    if wanted.mode in ("in-place", "patch"):
        done = "patched" if wanted.mode == "patch" else "rewritten in place"
        sources = records.SourceList(rewritable(sources, done, messages))
    if places:
        writer: Writer = ToDirectory(places, inputs.fields, full, messages, to)
    elif wanted.mode in ("text", "json"):
        check_columns(sources, to)
        writer = ToStandardOutput(out, inputs.fields, full, to, len(sources) > 1)
    else:
        writer = _writer(wanted.mode, messages, out)
    work = Work(options, inputs.fields, metadata=full, only_articles=inputs.selection.only_articles)
    stream = messages.progress.over(cleaned(sources, work, engine), "cleaned")
    empty = {source.rel: source for source in sources if not source.single}
    # Of what can be read only once, that must be asked before.
    without = {source.rel: records.without_rows(source, to) for source in sources if source.stream is not None}
    for source, items in groupby(stream, key=lambda pair: pair[0]):
        empty.pop(source.rel, None)
        writer.write(source, _good(items, messages))
    writer.close()
    for source in empty.values():
        messages.note("empty files", source.name, "no records in it")
        if places:
            empty_one = without.get(source.rel) or records.without_rows(source, to)
            records.write_atomically(places.of(source), [empty_one])
    if wanted.mode == "text" and sources and len(empty) == len(sources) and not places:
        out.raw(without.get(sources[0].rel) or records.without_rows(sources[0], to))


def _write_rules(found: Sequence[Rule], name: str, sources: Iterable[Source]) -> None:
    """Write what was learned, as a file of rules. Raises Usage where that would overwrite an input."""
    if any(source.path and source.path.resolve() == Path(name).resolve() for source in sources):
        raise Usage(f"{name}: writing it would overwrite an input")
    from cleaner.learn import as_toml

    records.write_atomically(Path(name), [as_toml(found).encode(errors="replace")])


def _writer(mode: Mode, messages: Messages, out: Out) -> Writer:
    if mode in ("diff", "html"):
        return Report(out, page=mode == "html")
    if mode == "check":
        return Check(messages)
    if mode == "in-place":
        return InPlace(messages)
    return Patches(out, messages)


def _good(items: Iterable[tuple[Source, Cleaned | Failure]], messages: Messages) -> Iterator[Cleaned]:
    """The articles that did not fail; the others are named."""
    for source, item in items:
        if isinstance(item, Failure):
            messages.fail(item)
        else:
            note(item, source, messages)
            yield item
