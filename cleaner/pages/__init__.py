"""HTML to articles: the blocks of a page, judged by a model (`page_model`) that sees the tree around each (`surroundings`),
with trafilatura as a witness. Those that may be the article's are its lines (`lines`); cleaning takes what is not, and says
why."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from cleaner.extract import ExtractionError, ParsedPage, has_none, load_extractor, parsed
from cleaner.model import Article

__all__ = ["ExtractionError", "extract", "extract_all", "load"]

_AT_ONCE = 32  # pages whose trees are held


def extract(article: Article, metadata: bool = True) -> Article:
    """The article of a page: its text, the blocks of it, and, with `metadata`, its title, date, author and site.

    What the record already said of the article stays. An article without `html` comes back as it is; a page without an
    article gives an empty text. Raises ExtractionError.
    """
    (found,) = extract_all([article], metadata)
    if isinstance(found, ExtractionError):
        raise found
    return found


def extract_all(articles: Sequence[Article], metadata: bool = True) -> list[Article | ExtractionError]:
    """What `extract` makes of each article, or raises; at several times its speed."""
    return [
        result
        for start in range(0, len(articles), _AT_ONCE)
        for result in _extracted(articles[start : start + _AT_ONCE], metadata)
    ]


def _extracted(articles: Sequence[Article], metadata: bool) -> Iterator[Article | ExtractionError]:
    opened = [_opened(article, metadata) for article in articles]
    pages = [page for page in opened if isinstance(page, ParsedPage)]
    judged = iter(_judged(pages) if pages else ())
    return (next(judged) if isinstance(page, ParsedPage) else page for page in opened)


def _opened(article: Article, metadata: bool) -> ParsedPage | Article | ExtractionError:
    if article.html is None:
        return article
    try:
        page = parsed(article, metadata)
    except ExtractionError as error:
        return error
    if isinstance(page, ParsedPage) and not page.walker.blocks:
        return replace(page.article, text=page.told)
    return page


def _judged(pages: Sequence[ParsedPage]) -> Iterator[Article]:
    from cleaner.pages.lines import captions_of_essay, joined, shown, teasers  # numpy and the weights
    from cleaner.pages.page_model import judge

    for page, judgement in zip(pages, judge(pages), strict=True):
        blocks, odds = page.walker.blocks, judgement.odds
        for i in captions_of_essay(blocks, odds):
            blocks[i].kind, odds[i] = "paragraph", abs(odds[i])
        kept = [i for i, of in enumerate(odds) if of > 0]
        if has_none("\n".join(blocks[i].text for i in kept), page.told):
            yield replace(page.article, text=page.told)
            continue
        facts = page.article.facts
        article = replace(page.article, facts=facts and dataclasses.replace(facts, teasers=teasers(blocks, kept)))
        there = shown(blocks, odds, judgement.vouched)
        yield joined(article, [blocks[i] for i in there], odds[there].tolist(), judgement.effects(there))


def load() -> None:
    """Load what extraction needs, so that processes that are started afterwards have it."""
    from cleaner.pages.page_model import shipped

    load_extractor()
    shipped()
