"""What a run keeps of an item that was cleaned, in its journal, and all that its results are made of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import zstandard

from cleaner import learn
from cleaner import text as texts
from cleaner.group.collection import Summary
from cleaner.group.packing import pack, unpack
from cleaner.headlines import kind_of
from cleaner.journal import packed, unpacked
from cleaner.model import Article, CleanResult, Failure, Remark
from cleaner.pipeline import Cleaned, is_number, opening
from cleaner.records import Fields, Source

EXAMPLES = 3  # of what a rule removed, of an article
LONGEST = 600  # characters of one


@dataclass(frozen=True, slots=True)
class Kept:
    """An article that was cleaned: what people know it by, what grouping needs, and what went. `text` is there where the
    output is put together later."""

    opening: Article
    kind: int  # whether it reports, see headlines
    summary: Summary
    number: bool  # whether its id was given as a whole number
    no_article: str
    characters: int  # of the source,
    left: int  # and of what is left of it
    gone: tuple[tuple[str, int, str, list[str]], ...]  # of each rule: its id, how often, why, and examples
    remarks: tuple[Remark, ...]
    text: str | None = None

    @property
    def removals(self) -> int:
        """How many spans were removed."""
        return sum(count for _, count, _, _ in self.gone)


def default_name(source: Source, number: int) -> str:
    """The id of the `number`th item of a source that gives it none."""
    return source.name if source.single else f"{source.name}#{number}"


def kept(item: Cleaned, fields: Fields, text: bool) -> Kept:
    """What is kept of a cleaned article."""
    assert item.summary is not None
    result, article = item.result, item.as_article()
    return Kept(
        opening(article),
        kind_of(article),
        item.summary,
        is_number(item.article, fields),
        result.no_article,
        len(result.source),
        len(result.text),
        _gone(result),
        item.article.remarks,
        result.text if text else None,
    )


def _gone(result: CleanResult) -> tuple[tuple[str, int, str, list[str]], ...]:
    by_rule: dict[str, tuple[str, int, str, list[str]]] = {}
    for removal in result.removed:
        rule, count, why, examples = by_rule.get(removal.rule, (removal.rule, 0, removal.why, []))
        example = result.source[removal.start : removal.end][:LONGEST]
        if len(examples) < EXAMPLES and example not in examples:
            examples.append(example)
        by_rule[removal.rule] = (rule, count + 1, why, examples)
    return tuple(by_rule.values())


def rests(result: CleanResult) -> list[int]:
    """The lines that cleaning looked at beside those that were learned from, as learn.hash_of has them: what is left of a
    line of which a part went, and the lines of a text that was wrapped."""
    source = result.source
    found: set[str] = set()
    line = before = 0  # where the line begins that something went of, and where that ended
    head = ""  # of the line, what is left before it
    for removal in result.removed:
        start = source.rfind("\n", 0, removal.start) + 1
        head = (head if start == line else "") if start < before else ""
        head += source[max(start, before) : removal.start]
        line, before = start, removal.end
        gone = source[removal.start : removal.end]
        end = source.find("\n", removal.end)
        rest = source[removal.end : end if end >= 0 else len(source)]
        above = "" if "\n" in gone[: len(gone) - len(gone.lstrip())] else head
        below = "" if "\n" in gone[len(gone.rstrip()) :] else rest
        if above.strip() or below.strip():
            found |= learn.folded_lines(below) | learn.folded_lines(above + below)
    lines = texts.lines(source)
    if len(texts.blocks(source)) != len(lines):
        found |= {texts.normalise(source[block.start : block.end]).lower() for block in lines}
    return sorted(map(learn.hash_of, found))


def as_body(items: Sequence[Kept | Failure], source: Source, first: int) -> bytes:
    """The items of a source from the `first` on, as the body of an entry. What names the input as it was told stays out: it
    may be told in another way the next time."""
    values: list[Any] = []
    blobs: list[bytes] = []
    for number, item in enumerate(items, first):
        if isinstance(item, Failure):
            values.append(failure_value(item, source))
            continue
        (name, *summary), arrays = pack(item.summary)
        known = item.opening
        values.append(
            [
                None if name == default_name(source, number) else name,
                summary,
                [known.title, known.date, known.url, None if known.site == source.folder else known.site, known.text],
                [item.kind, item.number, item.no_article, item.characters, item.left, item.text is not None],
                item.gone,
                [[remark.kind, remark.what] for remark in item.remarks],
            ]
        )
        blobs += arrays
        if item.text is not None:
            blobs.append(_COMPRESSOR.compress(item.text.encode(errors="surrogatepass")))
    return packed(values, blobs)


_COMPRESSOR = zstandard.ZstdCompressor(level=3)
_DECOMPRESSOR = zstandard.ZstdDecompressor()


def of_body(body: bytes, source: Source, first: int) -> Iterator[Kept | Failure]:
    """The items again."""
    values, parts = unpacked(body)
    blobs = iter(parts)
    for number, value in enumerate(values, first):
        if isinstance(value, dict):
            yield as_failure(value, source)
            continue
        name, summary, (title, date, url, site, text), figures, gone, remarks = value
        kind, is_a_number, no_article, characters, left, has_text = figures
        name = default_name(source, number) if name is None else name
        known = Article(id=name, title=title, date=date, url=url, site=site, text=text)
        found = unpack((name, *summary), blobs)
        whole = _DECOMPRESSOR.decompress(next(blobs)).decode(errors="surrogatepass") if has_text else None
        yield Kept(
            known,
            kind,
            found,
            is_a_number,
            no_article,
            characters,
            left,
            tuple((rule, count, why, examples) for rule, count, why, examples in gone),
            tuple(Remark(kind, what) for kind, what in remarks),
            whole,
        )


def failure_value(failure: Failure, source: Source) -> dict[str, Any]:
    """A failure as values for JSON, with what names the input left out."""
    ours = failure.where.startswith(source.name)
    where = failure.where.removeprefix(source.name) if ours else failure.where
    return {**asdict(failure), "where": where, "ours": ours, "source": bool(failure.source)}


def as_failure(value: dict[str, Any], source: Source) -> Failure:
    """The failure again."""
    ours, where, whole = value.pop("ours"), value.pop("where"), value.pop("source")
    return Failure(source.name + where if ours else where, **value, source=source.name if whole else "")
