"""cleaner clean: strip the boilerplate from articles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Protocol

from cleaner import learn, records
from cleaner.commands.intake import Cleaned, Inputs, cleaned, note_if_empty
from cleaner.commands.ledger import Ledger, Usage
from cleaner.commands.output import Out
from cleaner.diff.removals import Removals, removals
from cleaner.engine import Engine
from cleaner.model import Failure
from cleaner.records import Fields, Source
from cleaner.rules import Rule


@dataclass(frozen=True, slots=True)
class How:
    """What becomes of the cleaned articles."""

    mode: str = "text"  # text, json, diff, patch, html, check, in-place
    directory: str | None = None
    learn: bool = False


def run(inputs: Inputs, how: How, engine: Engine, ledger: Ledger, out: Out) -> None:
    """Clean what the inputs name. Raises Usage before anything is written."""
    sources = inputs.sources(ledger)
    if how.mode == "text" and not how.directory:
        single = sum(source.single for source in sources)
        if single and len(sources) > 1:
            raise Usage(f"{len(sources)} inputs: say -o DIR, --in-place, --json, --diff or --check")
    places = output_paths(sources, Path(how.directory), how.mode == "json", inputs.paths) if how.directory else {}
    rules = learned(sources, inputs, engine, ledger) if how.learn else None
    if how.mode in ("in-place", "patch"):
        files = {
            source.path.resolve(): source for source in reversed(sources) if source.path
        }  # a file and a link to it: once
        sources = [source for source in sources if source.path is None or files[source.path.resolve()] is source]
        sources = [source for source in sources if _rewritable(source, ledger, how.mode)]
    stream = ledger.progress.over(cleaned(sources, inputs, engine, rules=rules, metadata=how.mode == "json"), "cleaned")
    report: _Report | None = None
    empty = {source.rel: source for source in sources if not source.single}
    for source, items in groupby(stream, key=lambda pair: pair[0]):
        empty.pop(source.rel, None)
        results = _named(items, ledger)
        if how.directory:
            write(places[source.rel], source, results, inputs.fields, how.mode == "json", ledger)
        else:
            for item in results:
                if how.mode in _REPORTS:
                    report = report or _report(how.mode, out)  # a pager is not started before there is something to read
                    report.add(removals(item.article.id, item.result))
                else:
                    _deliver(item, source, how.mode, inputs.fields, ledger, out)
    if report:
        report.close()
    for source in empty.values():
        ledger.note("empty files", source.name, "no records in it")
        if how.directory:
            records.write_atomically(places[source.rel], [])


def learned(sources: list[Source], inputs: Inputs, engine: Engine, ledger: Ledger) -> tuple[Rule, ...]:
    """The rules in force with those that the sources' own repetition teaches. The sources are read once for it."""
    once = [source.name for source in sources if source.stream is not None]
    if once:
        raise Usage(f"{once[0]}: --learn reads its inputs twice, and this one can be read only once")
    read = ledger.progress.over(cleaned(sources, inputs, engine, cleaning=False), "read")
    return inputs.in_force(learn.learn(item.article for _, item in read if isinstance(item, Cleaned)))


def _named(items: Iterable[tuple[Source, Cleaned | Failure]], ledger: Ledger) -> Iterator[Cleaned]:
    for _, item in items:
        if isinstance(item, Failure):
            ledger.fail(item)
        else:
            note_if_empty(item.article.id, item.empty, ledger)
            yield item


def record_of(item: Cleaned, source: Source, fields: Fields, full: bool) -> dict[str, object]:
    """The record that comes out: every field that came in, the cleaned text, and no `html`.

    `full` adds what was found out about the article, and what was removed.
    """
    article, result = item.article, item.result
    record = dict(article.record)
    if record.get(fields.id) in (None, ""):
        record = {fields.id: article.id, **{key: value for key, value in record.items() if key != fields.id}}
    record.pop("html", None)
    record[fields.text] = result.text
    if not full:
        return record
    found = {
        fields.date: article.date or result.date,
        "title": article.title,
        "author": article.author,
        "site": article.site,
    }
    for key, value in found.items():
        if value is not None and record.get(key) is None:
            record[key] = value
    if item.page:
        record["source"] = result.source
    record["removed"] = [
        {"start": r.start, "end": r.end, "rule": r.rule, "why": r.why, "text": result.source[r.start : r.end]}
        for r in result.removed
    ]
    return record


class _Report(Protocol):
    """What articles are shown on, one after the other."""

    def add(self, found: Removals) -> None: ...

    def close(self) -> None: ...


_REPORTS = ("diff", "html")


def _report(mode: str, out: Out) -> _Report:
    if mode == "diff":
        from cleaner.report.removals import TerminalReport

        return TerminalReport(out.console())
    from cleaner.report.page.removals import PageReport

    out.page()
    return PageReport(out.exact)


def _deliver(item: Cleaned, source: Source, mode: str, fields: Fields, ledger: Ledger, out: Out) -> None:
    if mode == "check":
        if item.result.removed:
            ledger.changes += 1
            count = len(item.result.removed)
            ledger.note("articles would change", item.article.id, f"{count} removal{'s' * (count != 1)} to be made")
    elif mode in ("in-place", "patch"):
        if item.result.removed:
            try:
                if mode == "patch":
                    out.page()
                    out.raw(_patch(source, item))
                else:
                    _rewrite(source, item)
            except (OSError, records.Unreadable) as error:
                ledger.fail(Failure(source.name, records.reason(error)))
    elif mode == "text" and source.single:
        text = item.result.text
        out.exact(text + "\n" if text and not text.endswith("\n") and (item.page or out.terminal) else text)
    else:
        out.exact(records.dumps(record_of(item, source, fields, mode == "json")) + "\n")


def _rewritable(source: Source, ledger: Ledger, mode: str) -> bool:
    done = "patched" if mode == "patch" else "rewritten in place"
    why = (
        f"standard input cannot be {done}"
        if source.path is None
        else f"only plain-text files are {done}"
        if source.format != "text" or source.stream is not None
        else f"compressed files are not {done}"
        if source.compression
        else ""
    )
    if why and source.named:
        ledger.fail(Failure(source.name, why))
    elif why:
        ledger.skip(source.name, why)
    return not why


def _rewrite(source: Source, item: Cleaned) -> None:
    """Put the cleaned text in the file's place, in its encoding, with its line ends and mode."""
    path, _, encoding = _as_read(source, item)
    records.write_atomically(path, [records.encode(item.result.text, encoding)], path.stat().st_mode & 0o7777)


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
    text, encoding = records.decode(before)
    if text != item.result.source:
        raise records.Unreadable("changed while it was being cleaned")
    if records.encode(text, encoding) != before:
        raise records.Unreadable(f"cannot be written back as it was ({encoding})")
    return path, before, encoding


def output_paths(sources: list[Source], directory: Path, as_json: bool, named: Iterable[str]) -> dict[str, Path]:
    """Where each source's output goes, by the source's `rel`.

    Raises Usage where two go to one place, where an output would overwrite an input, or where the output directory lies
    inside an input one.
    """
    real = directory.resolve()
    if directory.exists() and not directory.is_dir():
        raise Usage(f"{directory}: not a directory")
    for name in named:
        top = Path(name).resolve()
        if Path(name).is_dir() and (real == top or top in real.parents):
            raise Usage(f"{directory}: the output directory lies inside the input {name}, and would be read the next time")
    inputs = {source.path.resolve(): source.name for source in sources if source.path}
    places: dict[str, Path] = {}
    owner: dict[Path, str] = {}
    for source in sources:
        place = directory / records.output_name(source, as_json)
        if place in owner:
            raise Usage(f"{owner[place]} and {source.name} would both be written to {place}")
        if place.resolve() in inputs:
            raise Usage(f"{place}: writing it would overwrite the input {inputs[place.resolve()]}")
        owner[place] = source.name
        places[source.rel] = place
    return places


def write(place: Path, source: Source, items: Iterator[Cleaned], fields: Fields, as_json: bool, ledger: Ledger) -> bool:
    """Write one source's output file; nothing where every article of it failed. Whether a file was written."""
    first = next(items, None)
    if first is None:
        return False

    def pieces() -> Iterator[bytes]:
        for item in (first, *items):
            if source.single and not as_json:
                text = item.result.text
                yield (text + "\n" if item.page and text else text).encode(errors="replace")
            else:
                yield (records.dumps(record_of(item, source, fields, as_json)) + "\n").encode()

    try:
        records.write_atomically(place, pieces())
    except OSError as error:
        ledger.fail(Failure(str(place), records.reason(error)))
        return False
    return True
