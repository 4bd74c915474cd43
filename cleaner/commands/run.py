"""cleaner run: the batch. A directory in, a directory out: articles cleaned, grouped, reported on.

OUT/articles/       the cleaned articles, in the input's tree (names as for `clean -o`), or in shards
OUT/groups.jsonl    the records of `group --json`; with --to csv or parquet also as such a table
OUT/manifest.jsonl  a row for every input: cleaned, skipped or failed, with the reason
OUT/rules/          what was learned of each site, as rules
OUT/stories.jsonl   what `diff --story` knows a story by: its headline, and how alike its tellings are by the run's weights
OUT/summary.json    counts; version, options and fingerprints
OUT/report.html     the same for people: totals, removals by rule with examples, the stories, what failed
OUT/UNFINISHED      is there until all of it is whole; OUT/.state/ is what the next run goes on from

It goes one way: inputs, read for what repeats within their sites, then cleaned; what comes of that is kept in journals
(`passes`), of which outputs, groups and reports are made. A run that finds an input in the journals, done by the same rules
and options, does not do it again. docs/scale.md says more.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from cleaner import learn, records, rules
from cleaner.commands import outdir, settings, stories
from cleaner.commands.chunks import Stage
from cleaner.commands.found import Found
from cleaner.commands.inputs import Inputs
from cleaner.commands.kept import Kept
from cleaner.commands.messages import Messages, Usage
from cleaner.commands.outdir import OutDirectory
from cleaner.commands.output import Out
from cleaner.commands.passes import Cleaning, Hits, Pages, read
from cleaner.commands.put_together import Outputs
from cleaner.commands.records_out import TABLES, encoded, given_ids, group_records, group_rows
from cleaner.commands.writers import Places, check_output, checked_places
from cleaner.engine import Engine, stopped_at_once
from cleaner.model import Failure
from cleaner.options import CleanOptions, StoryOptions
from cleaner.pipeline import Work
from cleaner.records import Source, SourceList, remote
from cleaner.report import counted
from cleaner.rules import Rule
from cleaner.text import shown


@dataclass(frozen=True, slots=True)
class Wanted:
    """Where a run writes to, how it finds stories, the format of its articles ("": texts and records as they came), whether
    it learns of its sites first, the bytes of a shard (0: a file an input), the largest article, and whether stories are
    skipped."""

    directory: str
    stories: StoryOptions = field(default_factory=StoryOptions)
    to: str = ""
    learn: bool = True
    shards: int = 0
    largest: int = records.LARGEST
    copies_only: bool = False


def run(inputs: Inputs, options: CleanOptions, wanted: Wanted, engine: Engine, messages: Messages, out: Out) -> None:
    """Clean, group and report on a directory. Raises Usage before anything is written."""
    check_output(wanted.to, "")
    if wanted.shards and wanted.to not in ("", "jsonl"):
        raise Usage(f"--shards are JSON lines, and --to {wanted.to} is none")
    top = inputs.paths[0] if remote.is_remote(inputs.paths[0]) else str(Path(inputs.paths[0]))
    target = OutDirectory(Path(wanted.directory))
    _check_paths(inputs.paths, wanted.directory, target.path)
    outdir.check(target.path)
    told = settings.of_run(inputs, options, wanted)
    listing, newest = outdir.listing(top)
    if target.is_done(told, listing, newest):
        _again(top, target, messages, out)
        return
    found = Found(messages, top, wanted.to, inputs.fields)
    sources = SourceList(_usable(inputs.sources(found), wanted.largest, found))
    here = [str(path) for path in map(_local, inputs.paths) if path]
    checked_places(Places(target.path / "articles", wanted.to), sources, here)
    with target.opened():
        with stopped_at_once():
            for line in settings.changes(target.settings(), told):
                messages.say(line)
            target.begin()
            target.keep_settings(told)
            counts, by_rule = _Run(inputs, options, wanted, engine, target, found, sources, told).all()
        target.end(told, "" if found.lost else listing)
    _say(out, str(target.path), counts, by_rule)  # last: who reads on may stop, as head does


def _check_paths(paths: Sequence[str], directory: str, target: Path) -> None:
    """Raises Usage where a run cannot read or write what it is told to."""
    if remote.is_remote(directory):
        raise Usage(f"{directory}: OUT is a directory of a file system, in which files are locked, renamed and appended to")
    for name in paths:
        if name == "-":
            raise Usage("run reads a directory or a file, not standard input")
        if not name or not directory:
            raise Usage("an empty path")
        top = _local(name)
        if top is None:
            continue
        if not top.exists():
            raise Usage(f"{name}: no such file or directory")
        if not top.is_dir() and not top.is_file():
            raise Usage(f"{name}: neither a directory nor a regular file, which can be read twice")
        if target.resolve() in top.resolve().parents or target.resolve() == top.resolve():
            raise Usage(f"{directory}: the input {name} lies inside the output directory, or is it")
    if target.exists() and not target.is_dir():
        raise Usage(f"{directory}: not a directory")


def _local(name: str) -> Path | None:
    """The path of an input, None for what is remote. Raises Usage where that cannot be reached."""
    if not remote.is_remote(name):
        return Path(name)
    try:
        return remote.place(name)
    except OSError as error:
        raise Usage(f"{name}: {error.strerror or error}") from None


def _usable(sources: Iterable[Source], largest: int, found: Found) -> Iterator[Source]:
    """The sources that are neither empty nor too large."""
    for source in sources:
        if not source.size:
            found.skip(source.name, "empty")
        elif source.single and source.size > largest:
            found.skip(source.name, f"larger than {records.in_megabytes(largest)} (--max-size)")
        else:
            yield replace(source, largest=largest)


def _again(top: str, target: OutDirectory, messages: Messages, out: Out) -> None:
    """Say what a run that is done came to; nothing is done again."""
    with open(target.path / "manifest.jsonl", "rb") as manifest:
        for row in map(records.loads, manifest):
            name = f"{top.rstrip('/')}/{row['input']}" if remote.is_remote(top) or os.path.isdir(top) else top
            if row["status"] == "failed":
                messages.fail(Failure(name, row["reason"]))
            elif row["status"] == "skipped":
                messages.skip(name, row["reason"])
            elif not row["article"]:
                messages.no_article(row["id"], row["reason"])
    summary = records.loads((target.path / "summary.json").read_bytes())
    messages.say("nothing has changed: nothing was done")
    _say(out, str(target.path), summary["counts"], summary["rules"])


@dataclass(slots=True)
class _Run:
    """A run at its work, in the order of its methods."""

    inputs: Inputs
    options: CleanOptions
    wanted: Wanted
    engine: Engine
    target: OutDirectory
    found: Found
    sources: SourceList
    told: dict[str, str]

    def all(self) -> tuple[dict[str, int], dict[str, int]]:
        """Everything; its counts, and the removals by rule."""
        pages, learned = self._learn() if self.wanted.learn else (None, [])
        cleaning = self._clean(pages, learned)
        outputs = Outputs(self.target, cleaning, self.inputs.fields, self.wanted.to, self.wanted.shards)
        with self.found.messages.progress.doing("writing"):
            changed = outputs.put_together(self.sources)
        self._gather(cleaning, outputs, changed)
        counts, by_rule = self._report(learned)
        outputs.remove_others(self.sources)
        for stage in (cleaning.stage, pages.stage) if pages else (cleaning.stage,):
            stage.journal.rewritten(self.target.temporary / "journal")
        return counts, by_rule

    def _learn(self) -> tuple[Pages, list[Rule]]:
        stage = Stage(self.target.journal("read"), settings.joined(self.told, "code", "reading"))
        progress = self.found.messages.progress
        for _ in progress.over(read(self.sources, self.inputs.fields, stage, self.engine), "read", total=len(self.sources)):
            pass
        with progress.doing("learning of the sites"):
            pages = Pages(self.sources, stage)
            found = pages.learned()
        return pages, found

    def _clean(self, pages: Pages | None, learned: Sequence[Rule]) -> Cleaning:
        own = self.options.rules
        force = {id(rule) for rule in rules.merge(learned, own)}
        work = Work(
            replace(self.options, rules=(*learned, *own)),
            self.inputs.fields,
            metadata=True,
            only_articles=self.inputs.selection.only_articles,
            summary="copies" if self.wanted.copies_only else "stories",
        )
        context = settings.joined(self.told, "code", "reading", "cleaning", "summary", "output")
        stage = Stage(self.target.journal("cleaned"), context)
        hits = Hits([rule for rule in learned if id(rule) in force])
        cleaning = Cleaning(stage, work, pages, hits, self.target, self.wanted.to, texts=bool(self.wanted.shards))
        messages = self.found.messages
        total = pages.count if pages else len(self.sources)
        for _ in messages.progress.over(cleaning.over(self.sources, self.engine), "cleaned", total=total):
            pass
        if cleaning.done_before:
            messages.say(f"done before: {counted(cleaning.done_before, 'article')}; cleaned now: {cleaning.done:,}")
        return cleaning

    def _gather(self, cleaning: Cleaning, outputs: Outputs, changed: dict[str, str]) -> None:
        """Take what the journal says of every input, in order."""
        for source in self.sources:
            number = 0
            if source.rel in changed:
                self.found.take_failure(Failure(source.name, changed[source.rel]), source, 1)
                continue
            for number, item in enumerate(cleaning.kept_of(source), 1):
                if isinstance(item, Kept):
                    self.found.take(item, source, number, *outputs.place(source))
                else:
                    self.found.take_failure(item, source, number)
            if not number:
                self.found.skip(source.name, "no records in it")
        for name in self.found.collection.make_unique():
            self.found.messages.repeated(name)

    def _report(self, learned: Sequence[Rule]) -> tuple[dict[str, int], dict[str, int]]:
        """Group, and write all that is about the whole."""
        target, found, to = self.target, self.found, self.wanted.to
        names: dict[str, list[Rule]] = {}
        for rule in learned:
            names.setdefault(f"{rule.id.split('/')[1][:100]}.toml", []).append(rule)
        for name, of_site in names.items():
            target.write(f"rules/{name}", [learn.as_toml(of_site).encode(errors="replace")])
        for path in (target.path / "rules").glob("*.toml"):
            if path.name not in names:
                path.unlink()
        with found.messages.progress.doing("grouping"):
            groups = found.collection.groups(self.wanted.copies_only, self.wanted.stories)
        target.write("groups.jsonl", _lines(group_records(groups, found.numbers, found.known)))
        for table in TABLES:
            (target.path / f"groups.{table}").unlink(missing_ok=True)  # of an earlier run
        if to in TABLES:
            rows = group_rows(group_records(groups, found.numbers, found.known), found.known.openings)
            target.write(f"groups.{to}", encoded(rows, to))
        target.write("manifest.jsonl", _lines(found.rows(given_ids(groups.ids, found.numbers))))
        headlines = found.known.headlines(groups)
        target.write(stories.NAME, _lines(stories.rows(groups, headlines, self.wanted.stories)))
        counts, by_rule = found.counts(groups), dict(found.kept.rules.most_common())
        summary = {
            "counts": counts,
            "rules": by_rule,
            **settings.described(self.inputs, self.options, self.wanted),
            "fingerprints": {**self.told, "learned": settings.fingerprint([asdict(rule) for rule in learned])},
        }
        target.write("summary.json", [(json.dumps(summary, indent=2, ensure_ascii=False) + "\n").encode(errors="replace")])
        with found.messages.progress.doing("writing the report"):
            found.kept.write(target, counts, groups, found.known, (found.left_out["failed"], found.left_out["skipped"]))
        return counts, by_rule


def _lines(rows: Iterable[dict[str, object]]) -> Iterator[bytes]:
    return ((records.dumps(row) + "\n").encode() for row in rows)


def _say(out: Out, directory: str, counts: dict[str, int], by_rule: dict[str, int]) -> None:
    from cleaner.report import groups as report

    printer = out.console(paged=False)
    report.summary(printer, counts, by_rule)
    printer.blank()
    where = shown(directory)
    printer.line((f"written to {where}; look at {where}{os.sep}report.html", ""))
    printer.line((f"`cleaner diff --story ID {where}` compares a story's tellings", ""))
    cleaned, skipped, failed = list(counts.values())[:3]
    printer.line((f"{cleaned:,} cleaned, {skipped:,} skipped, {failed:,} failed", ""))
