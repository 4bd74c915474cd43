"""Writing down what was decided of new articles."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

import numpy as np

from cleaner.index import blocks, copies, rows, stories
from cleaner.index.decision import Decision
from cleaner.index.file import IndexFile
from cleaner.index.packing import packed_copies, packed_story
from cleaner.index.rows import Given


def keep(file: IndexFile, made: Decision) -> None:
    """Write down what was decided."""
    (addition,) = file.one("SELECT ifnull(max(number), 0) + 1 FROM additions")
    file.write("INSERT INTO additions VALUES (?, ?)", [(addition, datetime.now(UTC).date().toordinal())])
    numbers = range(made.first, made.first + len(made.new))
    places = zip(numbers, made.copy, made.story, made.new, strict=True)
    file.write(
        f"INSERT INTO articles VALUES ({','.join('?' * 16)})",
        [(number, one.id, one.numeric, copy, story, addition, *_columns(one)) for number, copy, story, one in places],
    )
    _put(
        file, dict(zip(numbers, made.new, strict=True)), {n for n, copy in zip(numbers, made.copy, strict=True) if n == copy}
    )
    _merge(file, made)
    if made.versions:
        _replace(file, made.versions)
    if made.stories.frequencies:
        made.stories.frequencies.keep(file, made.stories.partners)


def _columns(one: Given) -> tuple[object, ...]:
    known = one.known
    opening = None if known.title else known.text
    words = len(one.summary.signatures.shingles) // 4
    return (
        one.features.dates.published,
        one.kind,
        one.length,
        words,
        one.digest,
        known.title,
        opening,
        known.site,
        known.date,
        known.url,
    )


def _put(file: IndexFile, given: Mapping[int, Given], representatives: set[int]) -> None:
    """Write what articles are compared by, by their numbers."""
    copied = [(number, packed_copies(one.summary.signatures)) for number, one in given.items()]
    told = [(number, packed_story(one.features)) for number, one in given.items() if number in representatives]
    file.write("INSERT OR REPLACE INTO copy_features VALUES (?, ?)", copied)
    file.write("INSERT OR REPLACE INTO story_features VALUES (?, ?)", told)
    numbers = np.array(list(given), dtype=np.int64)
    found = copies.bands(list(given.values()))
    blocks.append(file, "copies", found._replace(numbers=numbers[found.numbers]))
    heads = [number for number in given if number in representatives]
    found = stories.signatures([given[number] for number in heads])
    blocks.append(file, "stories", found._replace(numbers=np.array(heads, dtype=np.int64)[found.numbers]))


def _merge(file: IndexFile, made: Decision) -> None:
    """Put groups that turned out to be others where they belong."""
    one_by_one = [(target, number) for number, target in made.copies_merged.items()]
    file.write("UPDATE articles SET copy = ? WHERE copy = ? AND copy <> number", one_by_one)
    file.write("UPDATE articles SET copy = ? WHERE number = ?", one_by_one)
    file.write("DELETE FROM story_features WHERE number = ?", [(number,) for _, number in one_by_one])
    blocks.drop(file, "stories", np.array(list(made.copies_merged), dtype=np.int64))
    merged = [(target, number) for number, target in made.stories_merged.items()]
    file.write("UPDATE articles SET story = ? WHERE story = ?", merged)
    file.write("UPDATE merged SET target = ? WHERE target = ?", merged)
    file.write("INSERT INTO merged (target, story) VALUES (?, ?)", merged)


def _replace(file: IndexFile, versions: Mapping[int, Given]) -> None:
    """Put other versions in the place of known articles, in their copy groups and stories."""
    numbers = np.array(list(versions), dtype=np.int64)
    for kind in blocks.KINDS:
        blocks.drop(file, kind, numbers)
    file.write(
        "UPDATE articles SET day = ?, kind = ?, length = ?, shingles = ?, digest = ?, title = ?, opening = ?, site = ?, "
        "date = ?, url = ? WHERE number = ?",
        [(*_columns(one), number) for number, one in versions.items()],
    )
    heads = {one.number for one in rows.by_number(file, versions).values() if one.copy == one.number}
    _put(file, versions, heads)
