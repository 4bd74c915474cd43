"""What a run has found out: the manifest's rows, what is grouped, and what its report shows."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path

from cleaner.commands.kept import EXAMPLES, Kept
from cleaner.commands.messages import Messages
from cleaner.commands.records_out import TABLES
from cleaner.diff.removals import TOO_MUCH
from cleaner.group.collection import Collection
from cleaner.model import Article, Failure, Grouping
from cleaner.records import Fields, Source
from cleaner.report import title_of

Row = dict[str, object]


class Found:
    """Takes what became of one item after the other, in the order of the input."""

    def __init__(self, messages: Messages, top: Path, to: str, fields: Fields) -> None:
        self.messages = messages
        self.to = to
        self.fields: dict[str, object] = {"fields": asdict(fields)} if fields != Fields() else {}
        self.collection = Collection()
        self.openings: list[Article] = []
        self.numbers = bytearray()  # of each article whether its id was given as a whole number
        self.rules: Counter[str] = Counter()
        self.whys: dict[str, str] = {}
        self.examples: dict[str, list[tuple[str, str]]] = {}
        self.suspect: list[tuple[str, float]] = []
        self.status: Counter[str] = Counter()
        self.lost = False  # whether anything failed that is to be tried again
        self.left_out: dict[str, list[Failure]] = {"failed": [], "skipped": []}
        self._top = str(top)
        self._unread: list[Row] = []  # of what could not be opened
        self._rows: list[Row] = []

    def fail(self, failure: Failure) -> None:
        """Note what could not be opened."""
        self.messages.fail(failure)
        self._unread.append(self._row(self._below(failure.where), "failed", failure.reason))

    def skip(self, name: str, why: str) -> None:
        """Note what is passed over."""
        self.messages.skip(name, why)
        self._unread.append(self._row(self._below(name), "skipped", why))

    def _below(self, name: str) -> str:
        inside = name.startswith(f"{self._top.rstrip('/')}/")
        return name[len(self._top.rstrip("/")) + 1 :] if inside else Path(name).name if name == self._top else name

    def _row(self, name: str, status: str, reason: str) -> Row:
        self.status[status] += 1
        self.left_out[status].append(Failure(name, reason))
        return {"input": name, "status": status, "reason": reason}

    def take_failure(self, failure: Failure, source: Source, number: int) -> None:
        """Note that an item failed, the `number`th of its source, or was left out."""
        self.messages.fail(failure)
        self.lost |= failure.lost
        name = source.rel if source.single or failure.where == source.name else f"{source.rel}#{number}"
        if failure.left_out:
            row = self._row(name, "skipped", f"no article: {failure.reason}")
            self._rows.append({**row, "article": False})
        else:
            self._rows.append(self._row(name, "failed", failure.reason))

    def take(self, item: Kept, source: Source, number: int, output: str, place: int) -> None:
        """Remember an article, the `number`th item of its source, which stands in an output at a place."""
        known = item.opening
        self.messages.read(source.name)
        for remark in item.remarks:
            self.messages.remark(known.id, remark)
        if item.no_article:
            self.messages.no_article(known.id, item.no_article)
        self.status["cleaned"] += 1
        self._rows.append(
            {
                "input": source.rel if source.single else f"{source.rel}#{number}",
                "status": "cleaned",
                "id": len(self.openings),  # its place, until that is known
                "article": not item.no_article,
                **({"reason": item.no_article} if item.no_article else {}),
                "output": output,
                "place": place,
                "removals": item.removals,
                "characters": item.characters,
                "kept": item.left,
                "title": known.title,
                "date": known.date,
                **({"parted": True} if self.to == "text" and not source.single else {}),  # by form feeds
                **self.fields,
            }
        )
        self.openings.append(known)
        self.collection.add(item.summary)
        self.numbers.append(item.number)
        self._remember(item)

    def _remember(self, item: Kept) -> None:
        """What the report shows of an article's removals."""
        for rule, count, why, examples in item.gone:
            self.rules[rule] += count
            self.whys.setdefault(rule, why)
            shown_ones = self.examples.setdefault(rule, [])
            shown_ones += [(item.opening.id, gone) for gone in examples[: EXAMPLES - len(shown_ones)]]
        share = 1 - item.left / max(1, item.characters)
        if share > TOO_MUCH and item.gone:
            self.suspect.append((item.opening.id, share))

    def rows(self, ids: Mapping[int, object] | list[object]) -> Iterator[Row]:
        """The manifest, given the articles' ids, in the order in which folders are walked."""
        both: Iterable[Row] = heapq.merge(sorted(self._unread, key=_walked), self._rows, key=_walked)
        return ({**row, "id": ids[int(str(row["id"]))]} if "id" in row else row for row in both)

    def counts(self, grouping: Grouping) -> dict[str, int]:
        """What the run came to, in words and numbers."""
        return {
            "articles cleaned": self.status["cleaned"],
            "inputs skipped": self.status["skipped"],
            "inputs failed": self.status["failed"],
            "stories told more than once": sum(len(story.members) > 1 for story in grouping.stories),
            "near-verbatim copies": sum(len(copy.members) - 1 for copy in grouping.copies),
        }

    def report(self, counts: Mapping[str, int], grouping: Grouping) -> Iterator[bytes]:
        """The page about the run."""
        from cleaner.report.page import run as page

        several = [story for story in grouping.stories if len(story.members) > 1]
        wanted = {name for story in several for name in story.members}
        articles = {
            name: Article(id=name, title=title_of(known), date=known.date)
            for name, known in zip(self.collection.ids, self.openings, strict=True)
            if name in wanted
        }
        members = {member.id: member for member in grouping.members if member.id in wanted}
        told = [(story, [(articles[name], members[name]) for name in story.members]) for story in several]
        totals = page.Totals(counts, dict(self.rules.most_common()), self.examples, self.whys, self.suspect)
        pieces = page.run(totals, told, failed=self.left_out["failed"], skipped=self.left_out["skipped"])
        return (piece.encode(errors="replace") for piece in pieces)

    @property
    def tables(self) -> bool:
        """Whether groups are written as a table as well."""
        return self.to in TABLES


def _walked(row: Row) -> list[str]:
    name, _, number = str(row["input"]).partition("#")
    return [*name.split("/"), f"{int(number):012}" if number.isdigit() else number]
