"""cleaner run: the batch. A directory in, a directory out: articles cleaned, grouped, reported on.

OUT/articles/       the cleaned articles, in the input's tree (names as for `clean -o`)
OUT/groups.jsonl    the records of `group --json`
OUT/manifest.jsonl  a row for every input: cleaned, skipped or failed, with the reason
OUT/summary.json    counts
OUT/report.html     the same for people: totals, removals by rule with examples, the stories, what failed
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from itertools import groupby
from pathlib import Path

from cleaner import records
from cleaner import text as texts
from cleaner.commands import clean as clean_command
from cleaner.commands import group as group_command
from cleaner.commands.intake import Cleaned, Inputs, cleaned, is_number, note_if_empty
from cleaner.commands.ledger import Ledger, Usage
from cleaner.commands.output import Out
from cleaner.diff.removals import TOO_MUCH
from cleaner.engine import Engine
from cleaner.group.collection import Collection
from cleaner.model import Article, Failure, Grouping
from cleaner.options import StoryOptions
from cleaner.records import Fields, Source
from cleaner.report import title_of
from cleaner.text import shown

EXAMPLES = 3  # of what a rule removed, in the report
LONGEST = 600  # characters of one


class _Batch:
    """What a run has found out so far."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.rows: list[dict[str, object]] = []
        self.collection = Collection()
        self.numbers = bytearray()  # of each article whether its id was given as a whole number
        self.cleaned_rows: list[dict[str, object]] = []
        self.rules: Counter[str] = Counter()
        self.whys: dict[str, str] = {}
        self.examples: dict[str, list[tuple[str, str]]] = {}
        self.suspect: list[tuple[str, float]] = []
        self.titles: list[str] = []

    def fail(self, failure: Failure) -> None:
        self.ledger.fail(failure)
        self.rows.append({"input": failure.where, "status": "failed", "reason": failure.reason})

    def skip(self, name: str, why: str) -> None:
        self.ledger.skip(name, why)
        self.rows.append({"input": name, "status": "skipped", "reason": why})

    def take(self, item: Cleaned, source: Source, output: str, place: int, fields: Fields) -> None:
        note_if_empty(item.article.id, item.empty, self.ledger)
        article = item.as_article()
        self._remember(item)
        self.titles.append(title_of(article))
        row: dict[str, object] = {
            "input": source.name,
            "status": "cleaned",
            "id": article.id,
            "output": output,
            "place": place,
            "removals": len(item.result.removed),
            "characters": len(item.result.source),
            "kept": len(item.result.text),
            "title": article.title,
            "date": article.date,
        }
        if fields != Fields():
            row["fields"] = asdict(fields)
        self.rows.append(row)
        self.cleaned_rows.append(row)
        assert item.summary is not None
        self.collection.add(item.summary)
        self.numbers.append(is_number(article, fields))

    def _remember(self, item: Cleaned) -> None:
        """What the report shows of an article's removals."""
        source, removed = item.result.source, item.result.removed
        for removal in removed:
            self.rules[removal.rule] += 1
            self.whys.setdefault(removal.rule, removal.why)
            shown_ones = self.examples.setdefault(removal.rule, [])
            if len(shown_ones) < EXAMPLES:
                shown_ones.append((item.article.id, source[removal.start : removal.end][:LONGEST]))
        share = sum(removal.end - removal.start for removal in removed) / max(1, len(source))
        if share > TOO_MUCH:
            self.suspect.append((item.article.id, share))


def run(inputs: Inputs, directory: str, dials: StoryOptions, engine: Engine, ledger: Ledger, out: Out) -> None:
    """Clean, group and report on a directory. Raises Usage before anything is written."""
    target = Path(directory)
    for name in inputs.paths:
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
    earlier = _outputs(target)
    batch = _Batch(ledger)
    sources = inputs.sources(batch)
    places = clean_command.output_paths(sources, target / "articles", False, inputs.paths)
    rules = clean_command.learned(sources, inputs, engine, ledger)
    target.mkdir(parents=True, exist_ok=True)
    (target / "manifest.jsonl").touch()  # a run that is killed leaves a directory that is known for a run's
    seen = set()
    stream = cleaned(sources, inputs, engine, rules=rules, metadata=True, grouping="stories")
    stream = ledger.progress.over(stream, "cleaned")
    for source, items in groupby(stream, key=lambda pair: pair[0]):
        seen.add(source.rel)
        output = str(places[source.rel].relative_to(target))
        before = len(batch.rows)
        taken = _taken(items, batch, output, inputs.fields)
        if not clean_command.write(places[source.rel], source, taken, inputs.fields, False, ledger):
            for row in batch.rows[before:]:
                row.update({"status": "failed", "reason": row.get("reason", "its output could not be written")})
    for source in sources:
        if source.rel not in seen:
            batch.skip(source.name, "no records in it")
    group_command.warn_of_repeated(batch.collection, ledger)
    with ledger.progress.doing("grouping"):
        groups = batch.collection.groups(False, dials)
    rows = list(group_command.rows(groups, batch.numbers))
    for row, found in zip(batch.cleaned_rows, rows, strict=True):
        row["id"] = found["id"]
    for output in earlier - {str(row.get("output")) for row in batch.rows}:
        (target / output).unlink(missing_ok=True)  # of an input that is gone
    _write_lines(target / "groups.jsonl", rows)
    _write_lines(target / "manifest.jsonl", batch.rows)
    grouping = groups.grouping()
    status = Counter(str(row["status"]) for row in batch.rows)
    counts = {
        **{
            f"articles {name}" if name == "cleaned" else f"inputs {name}": status[name]
            for name in ("cleaned", "skipped", "failed")
        },
        "stories told more than once": sum(len(story.members) > 1 for story in grouping.stories),
        "near-verbatim copies": sum(len(copy.members) - 1 for copy in grouping.copies),
    }
    by_rule = dict(batch.rules.most_common())
    summary = json.dumps({"counts": counts, "rules": by_rule}, indent=2, ensure_ascii=False) + "\n"
    records.write_atomically(target / "summary.json", [summary.encode(errors="replace")])

    with ledger.progress.doing("writing the report"):
        _report(target / "report.html", batch, counts, by_rule, grouping)

    from cleaner.report import groups as report

    sheet = out.console(paged=False)
    report.summary(sheet, counts, by_rule)
    sheet.blank()
    where = shown(directory)
    sheet.line((f"written to {where}; look at {where}/report.html", ""))
    sheet.line((f"`cleaner diff --story ID {where}` compares a story's tellings", ""))


def _report(path: Path, batch: _Batch, counts: dict[str, int], rules: dict[str, int], grouping: Grouping) -> None:
    from cleaner.report.page import batch as page

    several = [story for story in grouping.stories if len(story.members) > 1]
    shown_ones = {name for story in several for name in story.members}
    articles = {
        str(row["id"]): Article(id=str(row["id"]), title=title, date=texts.date_of(row["date"]))
        for row, title in zip(batch.cleaned_rows, batch.titles, strict=True)
        if str(row["id"]) in shown_ones
    }
    members = {member.id: member for member in grouping.members if member.id in shown_ones}
    told = [(story, [(articles[name], members[name]) for name in story.members]) for story in several]
    left_out = {status: [_failure(row) for row in batch.rows if row["status"] == status] for status in ("failed", "skipped")}
    pieces = page.run(
        page.Totals(counts, rules, batch.examples, batch.whys, batch.suspect),
        told,
        failed=left_out["failed"],
        skipped=left_out["skipped"],
    )
    records.write_atomically(path, (piece.encode(errors="replace") for piece in pieces))


def _failure(row: dict[str, object]) -> Failure:
    return Failure(str(row["input"]), str(row["reason"]))


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


def _taken(
    items: Iterable[tuple[Source, Cleaned | Failure]], batch: _Batch, output: str, fields: Fields
) -> Iterator[Cleaned]:
    place = 0
    for source, item in items:
        if isinstance(item, Failure):
            batch.fail(item)
        else:
            batch.take(item, source, output, place, fields)
            place += 1
            yield item


def _write_lines(path: Path, rows: Iterable[dict[str, object]]) -> None:
    records.write_atomically(path, ((records.dumps(row) + "\n").encode() for row in rows))
