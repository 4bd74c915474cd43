"""cleaner diff OUT1 OUT2: what another version, rule or option did to a corpus: texts, rules and groups that differ."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import unified_diff
from pathlib import Path
from typing import Any

from cleaner import records
from cleaner.commands.messages import Messages, Usage
from cleaner.commands.outdir import UNFINISHED
from cleaner.commands.output import Out
from cleaner.model import Article
from cleaner.records import Fields, Source
from cleaner.report import counted

EXAMPLES = 10  # that are shown of a kind
_LINES = 12  # of how a text differs

Row = Mapping[str, Any]


def are_runs(paths: Sequence[str]) -> bool:
    """Whether two paths are directories that runs wrote."""
    return len(paths) == 2 and all((Path(name) / "manifest.jsonl").is_file() for name in paths)


def compare(first: Path, second: Path, form: str, messages: Messages, out: Out) -> None:
    """Say how the results of two runs over one input differ. Raises Usage where they cannot be read."""
    if form not in ("terminal", "json"):
        raise Usage(f"--{form} is not for two runs")
    for run in (first, second):
        if (run / UNFINISHED).exists():
            messages.note("runs", str(run), "not finished: `cleaner run` with the same arguments goes on with it")
    try:
        found = _compared(first, second)
    except (OSError, records.Unreadable, KeyError) as error:
        raise Usage(f"not the outputs of two runs: {records.reason(error)}") from None
    if form == "json":
        out.exact(json.dumps(found) + "\n")
        return
    out.page()
    for line in _report(found):
        out.say(line + "\n")


def _compared(first: Path, second: Path) -> dict[str, Any]:
    a, b = _rows(first / "manifest.jsonl"), _rows(second / "manifest.jsonl")
    both = [name for name in a if name in b]
    rules = [records.loads((run / "summary.json").read_bytes()) for run in (first, second)]
    options = [_flat({"version": run.get("version"), **run.get("options", {})}) for run in rules]
    written = [(a[name], b[name]) for name in both if "output" in a[name] and "output" in b[name]]
    return {
        "options": {key: [one.get(key) for one in options] for key in _differing(*options)},
        "inputs": {"first alone": sorted(a.keys() - b.keys()), "second alone": sorted(b.keys() - a.keys())},
        "status": [
            {"input": name, "first": _state(a[name]), "second": _state(b[name])}
            for name in both
            if _state(a[name]) != _state(b[name])
        ],
        "rules": {key: [one["rules"].get(key, 0) for one in rules] for key in _differing(*(one["rules"] for one in rules))},
        "texts": list(_texts(first, second, written)),
        "stories": _groups(first, second, "story"),
        "copies": _groups(first, second, "copy"),
    }


def _rows(path: Path) -> dict[str, Row]:
    return {row["input"]: row for row in map(records.loads, path.read_bytes().splitlines())}


def _flat(options: Mapping[str, Any]) -> dict[str, Any]:
    return {key: json.dumps(value) for key, value in options.items()}


def _differing(a: Mapping[str, Any], b: Mapping[str, Any]) -> list[str]:
    return sorted(key for key in {*a, *b} if a.get(key) != b.get(key))


def _state(row: Row) -> str:
    return f"{row['status']}: {row['reason']}" if row.get("reason") else str(row["status"])


def _texts(first: Path, second: Path, pairs: Iterable[tuple[Row, Row]]) -> Iterator[dict[str, Any]]:
    """The articles whose texts differ, each with how."""
    one, other = _Texts(first), _Texts(second)
    for a, b in pairs:
        before, after = one.of(a), other.of(b)
        if before != after:
            lines = unified_diff(before.split("\n"), after.split("\n"), lineterm="", n=0)
            yield {
                "input": a["input"],
                "lines": [line for line in lines if line[:3] not in ("---", "+++") and line[:2] != "@@"],
            }


class _Texts:
    """The cleaned texts of a run, an output at a time."""

    def __init__(self, run: Path) -> None:
        self._run = run
        self._output = ""
        self._texts: list[str] = []

    def of(self, row: Row) -> str:
        """The text of the article of a row."""
        if row["output"] != self._output:
            self._output = row["output"]
            self._texts = list(self._read(row))
        place = row["place"]
        return self._texts[place] if place < len(self._texts) else ""

    def _read(self, row: Row) -> Iterator[str]:
        path = self._run / row["output"]
        formats = {".txt": "text", ".csv": "csv", ".parquet": "parquet"}
        compression = path.suffix if path.suffix == ".zst" else ""
        source = Source(str(path), path.name, path, formats.get(path.suffix, "jsonl"), compression)
        for item in records.read(source, Fields(**row.get("fields", {}))):
            text = item.text if isinstance(item, Article) else ""
            yield from text.split("\f") if row.get("parted") else [text]


def _groups(first: Path, second: Path, kind: str) -> dict[str, list[list[str]]]:
    """The pairs of an article and its group's representative that are together in one of the runs and not in the other."""
    one, other = (_labels(run, kind) for run in (first, second))
    found: dict[str, list[list[str]]] = {"first alone": [], "second alone": []}
    for name, a, b in (("first alone", one, other), ("second alone", other, one)):
        gathered: dict[str, list[str]] = defaultdict(list)
        for member, label in a.items():
            if member in b:
                gathered[label].append(member)
        for members in gathered.values():
            head = members[0]
            found[name] += [[head, member] for member in members[1:] if b[member] != b[head]]
    return found


def _labels(run: Path, kind: str) -> dict[str, str]:
    lines = (run / "groups.jsonl").read_bytes().splitlines()
    return {str(row["id"]): str(row[kind]) for row in map(records.loads, lines)}


def _report(found: Mapping[str, Any]) -> Iterator[str]:
    """The lines that say it."""
    for key, (before, after) in found["options"].items():
        yield f"{key}: {before} -> {after}"
    for which, names in found["inputs"].items():
        yield from _listed(f"{counted(len(names), 'input')} in the {which}", names)
    changed = [f"{row['input']}: {row['first']} -> {row['second']}" for row in found["status"]]
    yield from _listed(f"{counted(len(changed), 'input')} of another status", changed)
    yield f"{counted(len(found['texts']), 'text')} differ" + ("s" if len(found["texts"]) == 1 else "")
    for text in found["texts"][:EXAMPLES]:
        yield f"  {text['input']}"
        yield from (f"    {line[:1]} {line[1:200]}" for line in text["lines"][:_LINES])
        if len(text["lines"]) > _LINES:
            yield f"    ... {counted(len(text['lines']) - _LINES, 'more line')}"
    rules = [f"{rule}: {before:,} -> {after:,}" for rule, (before, after) in found["rules"].items()]
    yield from _listed(f"{counted(len(rules), 'rule')} removed more or less", rules)
    for kind in ("stories", "copies"):
        for which, pairs in found[kind].items():
            shown = [" and ".join(pair) for pair in pairs]
            yield from _listed(f"{kind}: {counted(len(pairs), 'pair')} together in the {which}", shown)


def _listed(head: str, lines: Sequence[str]) -> Iterator[str]:
    yield head
    for line in lines[:EXAMPLES]:
        yield f"  {line}"
    if len(lines) > EXAMPLES:
        yield f"  ... {len(lines) - EXAMPLES:,} more"
