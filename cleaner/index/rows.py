"""Articles as the index has them: read by their numbers, and written."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from dataclasses import replace as replaced
from math import inf

from msgspec.structs import replace

from cleaner.dates import instant_of
from cleaner.group.collection import Summary
from cleaner.group.copies.signatures import SignatureBatch
from cleaner.group.stories.features import StoryFeatures
from cleaner.group.stories.store import packed, unpacked
from cleaner.headlines import PERHAPS
from cleaner.index.file import IndexFile
from cleaner.index.packing import coarse_copies, coarse_stories, unpacked_copies, unpacked_stories
from cleaner.model import Article
from cleaner.pipeline import Summaries

_OPENING = 120  # characters by which people know an article without a title


Rank = tuple[float, int, str]


@dataclass(frozen=True, slots=True)
class Given:
    """An article that is put to the index: its summary, made for stories, what people know it by (an Article without its
    text; `title` is as given), and whether its id was given as a whole number; whether it reports (see headlines), and the
    sentences by which it is told what it says."""

    summary: Summary
    known: Article
    numeric: bool = False
    kind: int = PERHAPS
    said: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        return self.known.id

    @property
    def length(self) -> int:
        return self.summary.lengths[0]

    @property
    def rank(self) -> Rank:
        """As `group` ranks articles."""
        return _rank(self.known.date, self.length, self.id)

    @property
    def digest(self) -> bytes:
        return self.summary.signatures.digests

    @property
    def features(self) -> StoryFeatures:
        assert self.summary.features is not None
        return unpacked(self.summary.features[0])


def _rank(date: str | None, length: int, name: str) -> Rank:
    """The earliest dated first, then the longest, then the one with the smallest id."""
    when = instant_of(date)
    return inf if when is None else when, -length, name


def given(found: Summaries) -> list[Given]:
    """The articles of some summaries, which come with their openings, by hashes as coarse as the index has them."""
    assert found.summary.features is not None
    coarse = replaced(
        found.summary,
        signatures=coarse_copies(found.summary.signatures),
        features=list(map(packed, coarse_stories(list(map(unpacked, found.summary.features))))),
    )
    openings = [replace(one, text=one.text.split("\n", 1)[0][:_OPENING]) for one in found.openings]
    said = found.statements or [()] * len(openings)
    rows = zip(coarse.each(), openings, map(bool, found.numbers), found.kinds, said, strict=True)
    return [Given(*row) for row in rows]


def name_of(one: Given) -> str | int:
    """The id of an article, as it was given."""
    return int(one.id) if one.numeric else one.id


@dataclass(frozen=True, slots=True)
class Kept:
    """Where an article is in the index: in which copy group, by its representative, and in which story."""

    number: int
    copy: int
    story: int
    digest: bytes


def by_id(file: IndexFile, ids: Sequence[str]) -> dict[str, Kept]:
    """The articles of some ids that the index has."""
    rows = file.among("SELECT id, number, copy, story, digest FROM articles WHERE id IN (?)", ids)
    return {name: Kept(*row) for name, *row in rows}


def by_number(file: IndexFile, numbers: Iterable[int]) -> dict[int, Kept]:
    """The articles of some numbers."""
    rows = file.among("SELECT number, copy, story, digest FROM articles WHERE number IN (?)", list(numbers))
    return {row[0]: Kept(*row) for row in rows}


def ranks(file: IndexFile, numbers: Iterable[int]) -> dict[int, Rank]:
    """How some articles rank."""
    query = "SELECT number, date, length, id FROM articles WHERE number IN (?)"
    return {number: _rank(*row) for number, *row in file.among(query, list(numbers))}


def copies(file: IndexFile, representative: int) -> list[int]:
    """The articles that one represents, without itself."""
    found = file.rows("SELECT number FROM articles WHERE copy = ? AND copy <> number", representative)
    return [number for (number,) in found]


def first_told(file: IndexFile, representatives: Collection[int]) -> dict[int, int]:
    """By the representatives of some copy groups the first told of each, whose id is the group's."""
    query = "SELECT copy, min(number) FROM articles WHERE copy IN (?) AND copy <> number GROUP BY copy"
    found = dict(file.among(query, list(representatives)))
    return {one: min(one, found.get(one, one)) for one in representatives}


def names(file: IndexFile, numbers: Iterable[int]) -> dict[int, str | int]:
    """The ids of some articles, as they were given."""
    rows = file.among("SELECT number, id, numeric FROM articles WHERE number IN (?)", list(numbers))
    return {number: int(name) if numeric else name for number, name, numeric in rows}


def known(file: IndexFile, numbers: Iterable[int]) -> dict[int, Article]:
    """What people know some articles by."""
    query = "SELECT number, id, title, opening, site, date, url FROM articles WHERE number IN (?)"
    return {
        number: Article(id=name, title=title, text=opening or "", site=site, date=day, url=url)
        for number, name, title, opening, site, day, url in file.among(query, list(numbers))
    }


def headlined(file: IndexFile, stories: Collection[int]) -> dict[int, tuple[bool, int, int]]:
    """The articles that some stories are called by: of those with a title the first that reports. Each is told as what it is
    compared with others by: whether it has no title, its kind, its number."""
    query = (
        "SELECT story, title IS NULL, kind, number FROM (SELECT *, row_number() OVER (PARTITION BY story "
        "ORDER BY title IS NULL, kind, number) AS place FROM articles WHERE story IN (?)) WHERE place = 1"
    )
    return {story: (bool(bare), kind, number) for story, bare, kind, number in file.among(query, list(stories))}


def signatures(file: IndexFile, numbers: Sequence[int]) -> SignatureBatch:
    """The signatures of some articles, in their order."""
    found = {
        number: (digest, copies)
        for number, digest, copies in file.among(
            "SELECT number, digest, packed FROM articles JOIN copy_features USING (number) WHERE number IN (?)", numbers
        )
    }
    return unpacked_copies([found[i][0] for i in numbers], [found[i][1] for i in numbers])


def story_features(file: IndexFile, numbers: Sequence[int], signed: bool = True) -> list[StoryFeatures]:
    """What some articles, which represent their copy groups, are about; `signed` asks for their signatures."""
    found = dict(file.among("SELECT number, packed FROM story_features WHERE number IN (?)", numbers))
    return unpacked_stories([found[i] for i in numbers], signed)
