"""HTML to articles (the only importer of trafilatura).

A page is parsed and pruned (`tree`), and its text walked into blocks that know their markup (`walker`, by `tables`).
trafilatura extracts it; the lines of what it finds are looked up in the page, and completed from it (`lines`).
"""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from cleaner.dates import date_of
from cleaner.extract.json_ld import article_body, has_none
from cleaner.extract.lines import joined, matched, recovered, rescued, teasers
from cleaner.extract.tree import ExtractionError, parse, prune
from cleaner.extract.walker import blocks_of
from cleaner.model import Article, PageFacts

__all__ = ["ExtractionError", "extract", "load_extractor"]


def extract(article: Article, metadata: bool = True) -> Article:
    """The article of a page: its text, the blocks of it, and, with `metadata`, its title, date, author and site.

    What the record already said of the article stays. An article without `html` comes back as it is; a page without an
    article gives an empty text. Raises ExtractionError.
    """
    if article.html is None:
        return article
    tree = parse(article.html)
    article = replace(article, html=None, facts=PageFacts())
    if tree is None:
        return article  # nothing in it that a parser could hold on to: a page without an article
    import trafilatura

    article = replace(article, lang=article.lang or tree.get("lang"), url=article.url or _address(tree))
    try:
        if metadata:
            article = _described(article, tree)
        title = " ".join((tree.findtext(".//title") or "").split())[:200]
        scripts, told = _by_script(tree), article_body(tree)
        prune(tree)
        page = blocks_of(tree)
        linked = sum(block.links >= 0.8 and block.text.count(" ") >= 2 for block in page)
        facts = PageFacts(title, linked, scripts=scripts)
        article = replace(article, facts=facts)
        # Recall mode: what it lets in, our own pass takes out, and it is the faster one.
        found = trafilatura.bare_extraction(tree, url=article.url, favor_recall=True, include_comments=False)
    except RecursionError:
        raise ExtractionError("the page is nested too deep") from None
    text = (found and found.text) or ""  # type: ignore[union-attr]
    if has_none(text, told):
        return replace(article, text=told, blocks=())
    if not text:
        return article
    lines = rescued(text, page) or recovered(matched(text, page), page)
    article = replace(article, facts=PageFacts(title, linked, teasers(lines, page), scripts))
    return joined(article, lines, page)


def load_extractor() -> None:
    """Load what extraction needs, so that processes that are started afterwards have it."""
    import trafilatura  # noqa: F401


def _by_script(tree: Any) -> bool:
    """Whether scripts may make what a reader sees of a page."""
    return any(script.get("src") or len(script.text or "") > _SCRIPT for script in tree.iter("script"))


_SCRIPT = 100  # characters: less of it makes no page


def _address(tree: Any) -> str | None:
    """The address that a page gives itself: its canonical link, or what it tells networks to link to."""
    for path in ("//link[@rel='canonical']/@href", "//meta[@property='og:url']/@content"):
        for address in tree.xpath(path):
            if address.strip().startswith(("https://", "http://")):
                return str(address.strip())
    return None


def _described(article: Article, tree: Any) -> Article:
    """The article with what its page says of it, where the record did not say it."""
    from trafilatura.metadata import extract_metadata

    # Only a date that the page states as its own: a year in the prose would put the article beside the wrong ones.
    found = extract_metadata(tree, article.url, {"original_date": True, "extensive_search": False})
    return replace(
        article,
        title=article.title or found.title,
        date=article.date or date_of(found.date),
        author=article.author or found.author,
        site=article.site or found.sitename,
    )
