"""cleaner run: the batch. A directory in, a directory out: articles cleaned, grouped, reported on.

OUT/articles/       the cleaned articles, in the input's tree (names as for `clean -o`)
OUT/groups.jsonl    the records of `group --json`; with --to csv or parquet also as such a table
OUT/manifest.jsonl  a row for every input: cleaned, skipped or failed, with the reason
OUT/summary.json    counts
OUT/report.html     the same for people: totals, removals by rule with examples, the stories, what failed
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from itertools import groupby
from pathlib import Path

from cleaner import records
from cleaner.commands import run_report, stories
from cleaner.commands.inputs import Inputs, note, with_learned
from cleaner.commands.messages import Messages, Usage
from cleaner.commands.output import Out
from cleaner.commands.records_out import TABLES, Known, encoded, group_records, group_rows
from cleaner.commands.writers import ToDirectory, check_output, output_paths
from cleaner.dates import date_of
from cleaner.engine import Engine
from cleaner.group.collection import Collection
from cleaner.model import Failure, Grouping
from cleaner.options import CleanOptions, StoryOptions
from cleaner.pipeline import Cleaned, Work, cleaned, is_number
from cleaner.records import Fields, Source
from cleaner.report import told_often
from cleaner.report.as_json import named
from cleaner.text import shown


class _Found:
    """What a run has found out so far: the manifest's rows, what is grouped, and what the report shows."""

    def __init__(self, messages: Messages, to: str) -> None:
        self.messages = messages
        self.to = to
        self.known = Known()
        self.rows: list[dict[str, object]] = []
        self.collection = Collection()
        self.numbers = bytearray()  # of each article whether its id was given as a whole number
        self.cleaned_rows: list[dict[str, object]] = []
        self.kept = run_report.Kept()
        self.seen: set[str] = set()  # the sources, by their `rel`, that had articles

    def fail(self, failure: Failure) -> None:
        self.messages.fail(failure)
        self.rows.append({"input": failure.where, "status": "failed", "reason": failure.reason})

    def leave_out(self, failure: Failure, source: Source, number: int) -> None:
        """Note what is no article, the `number`th of its source."""
        self.messages.fail(failure)
        name = source.name if failure.where == source.name else f"{source.name}#{number}"
        reason = f"no article: {failure.reason}"
        self.rows.append({"input": name, "status": "skipped", "reason": reason, "article": False})

    def skip(self, name: str, why: str) -> None:
        self.messages.skip(name, why)
        self.rows.append({"input": name, "status": "skipped", "reason": why})

    def taken(self, items: Iterable[tuple[Source, Cleaned | Failure]], output: str, fields: Fields) -> Iterator[Cleaned]:
        """The articles of a source that did not fail, which are written to `output`; all are remembered."""
        place = 0
        for number, (source, item) in enumerate(items, 1):
            if isinstance(item, Failure) and item.left_out:
                self.leave_out(item, source, number)
            elif isinstance(item, Failure):
                self.fail(item)
            else:
                self._take(item, source, fields, {"output": output, "place": place})
                place += 1
                yield item

    def _take(self, item: Cleaned, source: Source, fields: Fields, where: dict[str, object]) -> None:
        note(item, source, self.messages)
        article = item.as_article()
        row: dict[str, object] = {
            "input": source.name,
            "status": "cleaned",
            "id": article.id,
            "article": not item.result.no_article,
            **({"reason": item.result.no_article} if item.result.no_article else {}),
            **where,
            "removals": len(item.result.removed),
            "characters": len(item.result.source),
            "kept": len(item.result.text),
            "title": article.title,
            "date": date_of(article.date),
        }
        self.known.add(article)
        row.update(named(self.known.openings[-1]))
        self.kept.add(item, self.known.openings[-1])
        if self.to == "text" and not source.single:
            row["parted"] = True  # its text is one of several, which form feeds part
        if fields != Fields():
            row["fields"] = asdict(fields)
        self.rows.append(row)
        self.cleaned_rows.append(row)
        assert item.summary is not None
        self.collection.add(item.summary)
        self.numbers.append(is_number(article, fields))

    def left_out(self, status: str) -> list[Failure]:
        """The inputs that failed, or were skipped."""
        return [Failure(str(row["input"]), str(row["reason"])) for row in self.rows if row["status"] == status]

    def counts(self, grouping: Grouping) -> dict[str, int]:
        """What the run came to, in words and numbers."""
        status = Counter(str(row["status"]) for row in self.rows)
        return {
            **{
                f"articles {name}" if name == "cleaned" else f"inputs {name}": status[name]
                for name in ("cleaned", "skipped", "failed")
            },
            "stories told more than once": told_often(grouping),
            "near-verbatim copies": sum(len(copy.members) - 1 for copy in grouping.copies),
        }


@dataclass(frozen=True, slots=True)
class Wanted:
    """Where a run writes to, how it finds stories, and the format of its articles ("": texts and records as they came)."""

    directory: str
    stories: StoryOptions = field(default_factory=StoryOptions)
    to: str = ""


def run(inputs: Inputs, options: CleanOptions, wanted: Wanted, engine: Engine, messages: Messages, out: Out) -> None:
    """Clean, group and report on a directory. Raises Usage before anything is written."""
    check_output(wanted.to, "")
    directory, target = wanted.directory, Path(wanted.directory)
    _check_paths(inputs.paths, directory, target)
    earlier = _outputs(target)
    found = _Found(messages, wanted.to)
    sources = inputs.sources(found)
    places = output_paths(sources, target / "articles", wanted.to, inputs.paths)
    cleaning = with_learned(options, sources, inputs.fields, engine, messages)
    target.mkdir(parents=True, exist_ok=True)
    (target / "manifest.jsonl").touch()  # a run that is killed leaves a directory that is known for a run's
    only = inputs.selection.only_articles
    work = Work(cleaning, inputs.fields, metadata=True, only_articles=only, summary="stories")
    writer = ToDirectory(places, inputs.fields, False, messages, wanted.to)
    _clean(messages.progress.over(cleaned(sources, work, engine), "cleaned"), writer, target, found)
    for source in sources:
        if source.rel not in found.seen:
            found.skip(source.name, "no records in it")
    for name in found.collection.make_unique():
        messages.repeated(name)
    with messages.progress.doing("grouping"):
        groups = found.collection.groups(False, wanted.stories)
    rows = list(group_records(groups, found.numbers, found.known))
    for row, grouped in zip(found.cleaned_rows, rows, strict=True):
        row["id"] = grouped["id"]
    for output in earlier - {str(row.get("output")) for row in found.rows}:
        (target / output).unlink(missing_ok=True)  # of an input that is gone
    _write_lines(target / "groups.jsonl", rows)
    for to in TABLES:
        (target / f"groups.{to}").unlink(missing_ok=True)  # of an earlier run
    if wanted.to in TABLES:
        records.write_atomically(target / f"groups.{wanted.to}", encoded(group_rows(rows, found.known.openings), wanted.to))
    _write_lines(target / "manifest.jsonl", found.rows)
    _write_lines(target / stories.NAME, stories.rows(groups, found.known.headlines(groups), wanted.stories))
    grouping = groups.grouping()
    counts = found.counts(grouping)
    by_rule = dict(found.kept.rules.most_common())
    summary = json.dumps({"counts": counts, "rules": by_rule}, indent=2, ensure_ascii=False) + "\n"
    records.write_atomically(target / "summary.json", [summary.encode(errors="replace")])
    with messages.progress.doing("writing the report"):
        articles = found.kept.page(found.known.openings, groups.ids, grouping, found.known.headlines(groups))
        found.kept.write(target, counts, articles, (found.left_out("failed"), found.left_out("skipped")))
    _say(out, directory, counts, by_rule)


def _check_paths(paths: Sequence[str], directory: str, target: Path) -> None:
    """Raises Usage where a run cannot read or write what it is told to."""
    for name in paths:
        top = Path(name)
        if name == "-":
            raise Usage("run reads a directory or a file, not standard input")
        if not name or not directory:
            raise Usage("an empty path")
        if not top.exists():
            raise Usage(f"{name}: no such file or directory")
        if target.resolve() in top.resolve().parents or target.resolve() == top.resolve():
            raise Usage(f"{directory}: the input {name} lies inside the output directory, or is it")
    if target.exists() and not target.is_dir():
        raise Usage(f"{directory}: not a directory")


def _clean(stream: Iterable[tuple[Source, Cleaned | Failure]], writer: ToDirectory, target: Path, found: _Found) -> None:
    """Write every source's articles; those of one that could not be written failed."""
    for source, items in groupby(stream, key=lambda pair: pair[0]):
        found.seen.add(source.rel)
        output = str(writer.places[source.rel].relative_to(target))
        before = len(found.rows)
        if not writer.written(source, found.taken(items, output, writer.fields)):
            for row in found.rows[before:]:
                if row["status"] != "skipped":
                    row.update({"status": "failed", "reason": row.get("reason", "its output could not be written")})


def _say(out: Out, directory: str, counts: dict[str, int], by_rule: dict[str, int]) -> None:
    from cleaner.report import groups as report

    printer = out.console(paged=False)
    report.summary(printer, counts, by_rule)
    printer.blank()
    where = shown(directory)
    printer.line((f"written to {where}; look at {where}/report.html", ""))
    printer.line((f"`cleaner diff --story ID {where}` compares a story's tellings", ""))


def _outputs(target: Path) -> set[str]:
    """The articles that an earlier run wrote, by its manifest. Raises Usage where the directory holds something else."""
    if not target.exists() or not any(target.iterdir()):
        return set()
    try:
        rows = [records.loads(line) for line in (target / "manifest.jsonl").read_bytes().splitlines()]
        found = {str(row["output"]) for row in rows if row.get("output")}
    except (OSError, records.Unreadable, AttributeError):
        raise Usage(f"{target}: neither empty nor the output of an earlier run") from None
    return {name for name in found if name.startswith("articles/") and ".." not in Path(name).parts}


def _write_lines(path: Path, rows: Iterable[dict[str, object]]) -> None:
    records.write_atomically(path, ((records.dumps(row) + "\n").encode() for row in rows))
