"""Pages taken apart (the only importer of trafilatura).

A page is parsed and pruned (`tree`), and its text walked into blocks that know their markup (`walker`, by `tables`). What it
says of itself is trafilatura's to find, and which of its text trafilatura takes for the article can be asked. Which blocks
are the article's is judged in `cleaner.pages`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from msgspec.structs import replace

from cleaner.dates import date_of
from cleaner.extract.json_ld import article_body, has_none
from cleaner.extract.tree import ExtractionError, parse, prune
from cleaner.extract.walker import PageWalker, walked
from cleaner.model import Article, PageFacts

__all__ = ["ExtractionError", "ParsedPage", "has_none", "load_extractor", "parsed", "witness"]


@dataclass(slots=True)
class ParsedPage:
    """A page that has been taken apart: `article` with what is known of it without its text, the tree, the text in blocks,
    and `told`, the text that the page states for machines."""

    article: Article
    tree: Any
    walker: PageWalker
    told: str


def parsed(article: Article, metadata: bool) -> ParsedPage | Article:
    """The page of an article that has `html`; with `metadata`, its title, date, author and site are looked for.

    What the record already said of the article stays. The article, without its page, where no parser could hold on to
    anything in it. Raises ExtractionError.
    """
    tree = parse(article.html or "")
    article = replace(article, html=None, facts=PageFacts())
    if tree is None:
        return article
    article = replace(article, lang=article.lang or tree.get("lang"), url=article.url or _address(tree))
    try:
        if metadata:
            article = _described(article, tree)
        title = " ".join((tree.findtext(".//title") or "").split())[:200]
        scripts, told = _by_script(tree), article_body(tree)
        prune(tree)
        page = walked(tree)
    except RecursionError:
        raise ExtractionError("the page is nested too deep") from None
    linked = sum(block.links >= 0.8 and block.text.count(" ") >= 2 for block in page.blocks)
    return ParsedPage(replace(article, facts=PageFacts(title, linked, scripts=scripts)), tree, page, told)


def witness(page: ParsedPage, recall: bool = False) -> str:
    """What trafilatura takes of a page for its article, by its default or its recall mode."""
    import trafilatura

    try:
        url = page.article.url
        found = trafilatura.bare_extraction(page.tree, url=url, favor_recall=recall, include_comments=False)
    except RecursionError:
        return ""
    return (found and found.text) or ""  # type: ignore[union-attr]


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
        site=article.site or (found.sitename if found.sitename != found.title else None),  # a guess at the title's last part
    )
