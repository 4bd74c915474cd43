"""What a run has found out: the manifest's rows, what is grouped, and what its report shows."""

from __future__ import annotations

import heapq
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from cleaner.commands import run_report
from cleaner.commands.kept import Kept
from cleaner.commands.messages import Messages
from cleaner.commands.records_out import TABLES, Known
from cleaner.group.collection import Collection, Groups
from cleaner.model import Failure
from cleaner.records import Fields, Source
from cleaner.report.as_json import named
from cleaner.report.page.entries import told_and_copied
from cleaner.spool import Pieces

Row = dict[str, object]


class Found:
    """Takes what became of one item after the other, in the order of the input."""

    def __init__(self, messages: Messages, top: str, to: str, fields: Fields) -> None:
        self.messages = messages
        self.to = to
        self.fields: dict[str, object] = {"fields": asdict(fields)} if fields != Fields() else {}
        self.collection = Collection()
        self.known = Known()
        self.numbers = bytearray()  # of each article whether its id was given as a whole number
        self.kept = run_report.Kept()
        self.status: Counter[str] = Counter()
        self.lost = False  # whether anything failed that is to be tried again
        self.left_out: dict[str, list[Failure]] = {"failed": [], "skipped": []}
        self._top = top
        self._unread: list[Row] = []  # of what could not be opened
        self._rows = Pieces()  # of the others, as JSON

    def fail(self, failure: Failure) -> None:
        """Note what could not be opened."""
        self.messages.fail(failure)
        self._unread.append(self._row(self._below(failure.where), "failed", failure.reason, failure.where))

    def skip(self, name: str, why: str) -> None:
        """Note what is passed over."""
        self.messages.skip(name, why)
        self._unread.append(self._row(self._below(name), "skipped", why, name))

    def _below(self, name: str) -> str:
        inside = name.startswith(f"{self._top.rstrip('/')}/")
        return name[len(self._top.rstrip("/")) + 1 :] if inside else Path(name).name if name == self._top else name

    def _row(self, name: str, status: str, reason: str, where: str) -> Row:
        self.status[status] += 1
        self.left_out[status].append(Failure(where, reason))
        return {"input": name, "status": status, "reason": reason}

    def take_failure(self, failure: Failure, source: Source, number: int) -> None:
        """Note that an item failed, the `number`th of its source, or was left out."""
        self.messages.fail(failure)
        self.lost |= failure.lost
        name = source.rel if source.single or failure.where == source.name else f"{source.rel}#{number}"
        if failure.left_out:
            row = self._row(name, "skipped", f"no article: {failure.reason}", failure.where)
            self._keep({**row, "article": False})
        else:
            self._keep(self._row(name, "failed", failure.reason, failure.where))

    def _keep(self, row: Row) -> None:
        self._rows.append(json.dumps(row).encode())

    def take(self, item: Kept, source: Source, number: int, output: str, place: int) -> None:
        """Remember an article, the `number`th item of its source, which stands in an output at a place."""
        known = item.opening
        if not source.single:
            self.messages.read(source.name)
        for remark in item.remarks:
            self.messages.remark(known.id, remark)
        if item.no_article:
            self.messages.no_article(known.id, item.no_article)
        self.status["cleaned"] += 1
        self._keep(
            {
                "input": source.rel if source.single else f"{source.rel}#{number}",
                "status": "cleaned",
                "id": len(self.known.openings),  # its place, until that is known
                "article": not item.no_article,
                **({"reason": item.no_article} if item.no_article else {}),
                "output": output,
                "place": place,
                "removals": item.removals,
                "characters": item.characters,
                "kept": item.left,
                "title": known.title,
                "date": known.date,
                **named(known),
                **({"parted": True} if self.to == "text" and not source.single else {}),  # by form feeds
                **self.fields,
            }
        )
        self.known.add(known, item.kind)
        self.collection.add(item.summary)
        self.numbers.append(item.number)
        self.kept.add(item)

    def rows(self, ids: Sequence[object]) -> Iterator[Row]:
        """The manifest, given the articles' ids, in the order in which folders are walked."""
        both: Iterable[Row] = heapq.merge(sorted(self._unread, key=_walked), map(json.loads, self._rows), key=_walked)
        return ({**row, "id": ids[int(str(row["id"]))]} if "id" in row else row for row in both)

    def counts(self, groups: Groups) -> dict[str, int]:
        """What the run came to, in words and numbers."""
        told, copied = told_and_copied(groups)
        return {
            "articles cleaned": self.status["cleaned"],
            "inputs skipped": self.status["skipped"],
            "inputs failed": self.status["failed"],
            "stories told more than once": told,
            "near-verbatim copies": copied,
        }

    @property
    def tables(self) -> bool:
        """Whether groups are written as a table as well."""
        return self.to in TABLES


def _walked(row: Row) -> list[str]:
    name, _, number = str(row["input"]).partition("#")
    return [*name.split("/"), f"{int(number):012}" if number.isdigit() else number]
