"""HTML to articles (the only importer of trafilatura)."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from cleaner import text as texts
from cleaner.markup import Piece, pieces, prune, solid
from cleaner.model import Article, Block


class ExtractionError(Exception):
    """A page that cannot be taken apart; the message is the reason, in one line."""


# What markup says of a block that trafilatura passed over and that hence stays out.
_FOREIGN = frozenset(["author", "caption", "consent", "date", "header", "links", "menu", "newsletter", "related", "share"])
_PROSE = 12  # words
_LEAST_FOUND = 150  # words: below that an extraction may have failed
_MOST_LOST = 300  # words of prose that may be passed over, however little was extracted


def extract(article: Article, metadata: bool = True) -> Article:
    """The article of a page: its text, the blocks of it, and, with `metadata`, its title, date, author and site.

    What the record already said of the article stays. An article without `html` comes back as it is; a page without an
    article gives an empty text. Raises ExtractionError.
    """
    if article.html is None:
        return article
    tree = _tree(article.html)
    article = replace(article, html=None)
    if tree is None:
        return article  # nothing in it that a parser could hold on to: a page without an article
    import trafilatura

    article = replace(article, lang=article.lang or tree.get("lang"))
    try:
        if metadata:
            article = _described(article, tree)
        prune(tree)
        page = pieces(tree)
        # Recall mode: what it lets in, our own pass takes out, and it is the faster one.
        found = trafilatura.bare_extraction(tree, url=article.url, favor_recall=True, include_comments=False)
    except RecursionError:
        raise ExtractionError("the page is nested too deep") from None
    if found is None:
        return article
    text = found.text or ""  # type: ignore[union-attr]
    lines = _rescued(text, page) or _recovered(_matched(text, page), page)
    return _joined(article, lines, page)


def load_extractor() -> None:
    """Load what extraction needs, so that processes that are started afterwards have it."""
    import trafilatura  # noqa: F401


def _tree(html: str) -> Any:
    """The tree of a page, or None. Raises ExtractionError."""
    from lxml import etree
    from lxml.html import HtmlElement, HTMLParser, document_fromstring

    # libxml2 drops what is nested too deep, without a word: 255 levels, or 2,048 where the tree may be huge.
    parser = HTMLParser(huge_tree=True, encoding="utf-8", remove_comments=True, remove_pis=True)
    # lxml.html looks up a class for every element, in Python; nothing here needs one for forms and inputs.
    parser.set_element_class_lookup(etree.ElementDefaultClassLookup(element=HtmlElement))
    try:
        tree = document_fromstring(html.encode(errors="replace").replace(b"\x00", b""), parser=parser)
    except (etree.LxmlError, ValueError):
        return None
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
        raise ExtractionError("the page is nested too deep")
    return tree


def _described(article: Article, tree: Any) -> Article:
    """The article with what its page says of it, where the record did not say it."""
    from trafilatura.metadata import extract_metadata

    # Only a date that the page states as its own: a year in the prose would put the article beside the wrong ones.
    found = extract_metadata(tree, article.url, {"original_date": True, "extensive_search": False})
    return replace(
        article,
        title=article.title or found.title,
        date=article.date or texts.date_of(found.date),
        author=article.author or found.author,
        site=article.site or found.sitename,
    )


class _Line:
    """A line of the text to be, and the pieces of the page that it was made of: from `first` on, up to `last`."""

    __slots__ = ("first", "kind", "last", "recovered", "text")

    def __init__(self, text: str, kind: str, first: int = -1, last: int = -1, recovered: bool = False) -> None:
        self.text, self.kind, self.first, self.last, self.recovered = text, kind, first, last, recovered


def _matched(text: str, page: Sequence[Piece]) -> list[_Line]:
    """The lines of an extracted text, with the pieces of the page that each has come from."""
    whole = "".join(solid(piece.text) for piece in page)
    starts = [piece.start for piece in page]
    found = []
    at = 0
    for line in text.split("\n"):
        line = line.strip()
        bare = line.removeprefix("- ")
        key = solid(bare)
        if not key:
            continue
        kind = "table" if line.startswith("|") else "item" if bare is not line else "paragraph"
        place = whole.find(key, at)
        if place < 0:
            place = whole.find(key)
        if place < 0:
            found.append(_Line(line, kind))
            continue
        at = place + len(key)
        found.append(_Line(line, kind, bisect_right(starts, place) - 1, bisect_left(starts, at)))
    return found


def _rescued(text: str, page: Sequence[Piece]) -> list[_Line]:
    """The lines of a page of which hardly anything was extracted, straight from its pieces; none where enough was."""
    fit = [i for i, piece in enumerate(page) if _is_fit(piece) and "comment" not in piece.hints]
    prose = [i for i in fit if _is_prose(page[i])]
    words = sum(page[i].text.count(" ") + 1 for i in prose)
    extracted = len(text.split())
    if words < max(_MOST_LOST, 4 * extracted) or extracted > _LEAST_FOUND:
        return []
    return [
        _Line(page[i].text, page[i].kind, i, i + 1, recovered=True)
        for i in fit
        if prose[0] <= i <= prose[-1] or page[i].kind == "headline"
    ]


def _is_fit(piece: Piece) -> bool:
    """Whether a piece that was not extracted may be the article's all the same."""
    return piece.links < 0.5 and piece.kind != "caption" and not piece.hints & _FOREIGN


def _recovered(lines: Sequence[_Line], page: Sequence[Piece]) -> list[_Line]:
    """The lines, with what stands between two of them in the page and was passed over, where it looks like the article's.

    trafilatura loses subheadings and whole paragraphs that are not marked up as it expects.
    """
    taken = bytearray(len(page))
    for line in lines:
        if line.first >= 0:
            taken[line.first : line.last] = b"\x01" * (line.last - line.first)
    # An extractor that fell back on another way may have cut its lines elsewhere: nothing is to be said twice.
    said = solid("".join(line.text for line in lines))
    found: list[_Line] = []
    at = -1
    for line in lines:
        if 0 < at < line.first:
            passed = [i for i in range(at, line.first) if not taken[i]]
            fit = [i for i in passed if _is_fit(page[i])]
            prose = sum(len(page[i].text) for i in fit if _is_prose(page[i]))
            if len(fit) > 2 and 2 * prose < sum(len(page[i].text) for i in passed):
                fit = [i for i in fit if page[i].kind == "heading" and i + 1 == line.first]
            for i in fit:
                if solid(page[i].text)[:40] not in said:
                    said += solid(page[i].text)
                    taken[i] = 1
                    found.append(_Line(page[i].text, page[i].kind, i, i + 1, recovered=True))
        found.append(line)
        at = line.last  # -1 where the line is not in the page as it stands: no telling what stands between
    return found


def _is_prose(piece: Piece) -> bool:
    return piece.text.count(" ") + 1 >= _PROSE


def _joined(article: Article, lines: Sequence[_Line], page: Sequence[Piece]) -> Article:
    """The article of the lines, each a block with what its pieces know."""
    blocks = []
    start = 0
    for line in lines:
        end = start + len(line.text)
        own = page[line.first : line.last] if line.first >= 0 else ()
        if own:
            longest = max(own, key=_length)
            linked = sum(piece.links * _length(piece) for piece in own) / sum(map(_length, own))
            kind = line.kind if own[0].kind == "paragraph" else own[0].kind
            hints = longest.hints | {"recovered"} if line.recovered else longest.hints
            blocks.append(Block(start, end, kind, round(linked, 3), tuple(sorted(hints))))
        else:
            blocks.append(Block(start, end, line.kind))
        start = end + 1
    return replace(article, text="\n".join(line.text for line in lines), blocks=tuple(blocks))


def _length(piece: Piece) -> int:
    return piece.end - piece.start
