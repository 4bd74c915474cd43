"""The records that commands print: of a cleaned article, and of where grouping put it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from itertools import islice
from typing import TYPE_CHECKING

from cleaner import records
from cleaner.dates import date_of
from cleaner.model import Article
from cleaner.pipeline import Cleaned, opening
from cleaner.records import Fields, Row
from cleaner.report import title_of
from cleaner.report.as_json import named

if TYPE_CHECKING:
    from cleaner.group.collection import Groups

ROWS = 1000  # records that are written at once


def cleaned_record(item: Cleaned, fields: Fields, full: bool) -> dict[str, object]:
    """The record of a cleaned article: every field that came in, the cleaned text, and no `html`.

    `full` adds what was found out about the article, and what was removed.
    """
    article, result = item.article, item.result
    record = dict(article.record)
    if record.get(fields.id) in (None, ""):
        record = {fields.id: article.id, **{key: value for key, value in record.items() if key != fields.id}}
    name = article.text_field or fields.text
    record.pop("html", None)
    if name.lower() in records.HTML_NAMES:  # what comes out of a page is none
        record.pop(name, None)
        name = fields.text
    if result.text or record.get(name, "") is not None:  # what is null stays null
        record[name] = result.text
    if not full:
        return record
    found = {
        fields.date: date_of(article.date) or result.date,
        fields.title: article.title,
        "author": article.author,
        fields.site: article.site,
        fields.url: article.url,
    }
    for key, value in found.items():
        if value is not None and record.get(key) is None:
            record[key] = value
    if result.no_article:
        if name != "article":  # there stands the text
            record["article"] = False
        record["no_article"] = result.no_article
    if item.page:
        record["source"] = result.source
    record["removed"] = [
        {"start": r.start, "end": r.end, "rule": r.rule, "why": r.why, "text": result.source[r.start : r.end]}
        for r in result.removed
    ]
    return record


def written_record(item: Cleaned, fields: Fields, full: bool, to: str) -> Mapping[str, object]:
    """The record of a cleaned article for an output of the format `to`: from a table to a table it is the row as it was, but
    for the cell that held the text."""
    row = item.article.record
    if to not in TABLES or not isinstance(row, Row):
        return cleaned_record(item, fields, full)
    name = item.article.text_field or fields.text
    same = row.get(name) is None and not item.result.text
    return row if same else Row.of({**row, name: item.result.text}, row.origin, name)


TABLES = ("csv", "parquet")


GROUP_COLUMNS = ("story", "id", "outlet", "date", "link", "copy of")


def group_rows(grouped: Iterable[Mapping[str, object]], articles: Iterable[Article]) -> Iterator[dict[str, object]]:
    """The records of groups as rows of a table: with what is known of each article, and what it is a copy of."""
    for group, article in zip(grouped, articles, strict=True):
        copy = group["copy"] if group["copy"] != group["id"] else None
        cells = (group["story"], group["id"], article.site, article.date, article.url, copy)
        yield dict(zip(GROUP_COLUMNS, cells, strict=True))


def encoded(rows: Iterable[Mapping[str, object]], to: str) -> Iterator[bytes]:
    """Records in the format `to`."""
    out = records.encoder(to)
    for row in rows:
        yield out.add(row, "")
    yield from out.close()


class Known:
    """What people know articles by, one after the other: how each begins, and whether it reports (see headlines)."""

    def __init__(self) -> None:
        self.openings: list[Article] = []
        self.kinds = bytearray()

    def add(self, article: Article) -> None:
        """Take one more article."""
        from cleaner.headlines import kind_of  # only grouping pays for it

        self.openings.append(opening(article))
        self.kinds.append(kind_of(article))

    def headlines(self, groups: Groups) -> dict[str, str]:
        """The headline of each story by the id of its representative: that of the telling which is most like the others,
        among those that report, where one does."""
        best: dict[int, tuple[int, float, bool, int]] = {}
        copies = groups.copy.tolist()
        for i, story in enumerate(groups.story.tolist()):
            if copies[i] == i:
                rank = (self.kinds[i], -groups.kinship.get(i, (0.0, 0.0))[1], i != story, i)
                best[story] = min(best.get(story, rank), rank)
        return {groups.ids[story]: title_of(self.openings[rank[-1]]) for story, rank in best.items()}


def group_records(groups: Groups, numbers: Sequence[int], known: Known) -> Iterator[dict[str, object]]:
    """One record an article, in order, with its ids as they were given: as numbers where `numbers` says so.

    What the tellings of a story share stands in its representative's record alone, and so does the story's headline.
    """
    headlines = known.headlines(groups)
    ids: Sequence[object] = groups.ids
    if any(numbers):  # one that was renamed since is no number any more
        ids = [int(name) if was and "~" not in name else name for name, was in zip(groups.ids, numbers, strict=True)]
    for start in range(0, len(ids), ROWS):
        some = slice(start, start + ROWS)
        similarity = groups.similarity[some].round(4).tolist()
        found = zip(ids[some], groups.story[some].tolist(), groups.copy[some].tolist(), similarity, strict=True)
        for i, (name, story, copy, alike) in enumerate(found, start):
            row = {"id": name, "story": ids[story], "copy": ids[copy], "similarity": alike}
            row.update(named(known.openings[i]))
            if groups.ids[i] in headlines:
                row["headline"] = headlines[groups.ids[i]]
            if groups.form[i] >= 0:
                row["form"] = ids[groups.form[i]]
            if i in groups.shares:
                row["shares"] = [{"id": ids[other], "words": words} for other, words in groups.shares[i]]
            if i in groups.shared:
                row["shared"] = asdict(groups.shared[i])
            yield row


def in_lines(rows: Iterable[Mapping[str, object]]) -> Iterator[str]:
    """Records as lines of JSON, a good many at a time."""
    rest = iter(rows)
    while some := list(islice(rest, ROWS)):
        yield "".join(records.dumps(row) + "\n" for row in some)
