"""The verdict that an input is no article, and why: from what cleaning has seen of it, and what its page is like."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from cleaner.clean import walls
from cleaner.clean.page import JudgedLine, JudgedPage
from cleaner.model import Article
from cleaner.rules import Rule

LONGEST = 3500  # characters that may be left of a wall or an error page
_MOST = 120  # words of a log-in wall, a robot check, an error page
_COOKIES = re.compile("[Cc]ookie|COOKIE|[Кк]уки|クッキー|隐私|personenbezogen|danych osobowych|personal data")
_LEAST = 5  # words of a page that scripts make
INDEX = "an index of teasers"

# An index: so many titles that are links, or that have a date of their own, and never more than a teaser between two.
_TITLES = 5
_TEASER = 60  # words
_INTRODUCTION = 30  # words before the first title: a list with more is somebody's own
_STAMPED = 6  # words of a line that says when


def why_nothing(article: Article) -> str:
    """Why there is no text in an article to begin with; "" where there is some."""
    if article.text and not article.text.isspace():
        return ""
    facts = article.facts
    if facts is None:
        return "empty"
    if _kind_of([facts.title.lower()]) == "error":
        return walls.KINDS["error"]
    if facts.titles >= _TITLES:
        return INDEX
    return walls.KINDS["script"] if facts.scripts else "no text in the page"


def judge(article: Article, page: JudgedPage) -> str:
    """Why an article that has been cleaned is none; "" where it is one. What is left of a wall goes."""
    if nothing := why_nothing(article):
        return nothing
    left = page.left
    kind = _wall(page, left, article.facts.title if article.facts else "")
    if kind:
        rule = Rule(f"no-article/{kind}", f"the page is {walls.KINDS[kind]}", kind="section")
        for line in left:
            if not line.stays:
                line.removed_by = rule
        return walls.KINDS[kind]
    if not _is_told(page.lines) and ((article.facts and article.facts.teasers >= _TITLES) or _is_index(page.lines)):
        return INDEX
    bare = article.facts and article.facts.scripts and not article.facts.titles
    if bare and left and sum(line.words for line in left) < _LEAST:
        return walls.KINDS["script"]  # "Loading", and nothing that was loaded
    return "" if left else "nothing but boilerplate"


def _wall(page: JudgedPage, left: Sequence[JudgedLine], title: str) -> str:
    """The kind of wall that a page is, "" where it is none: it says what only such a page says, and hardly anything else."""
    if sum(line.block.end - line.block.start for line in left) > LONGEST:
        return ""
    # Of the walls only those of consent are of any length, and all of them speak of cookies: most articles end here.
    if sum(line.words for line in left) > _MOST and not _COOKIES.search(page.source):
        return ""
    # Without a word of theirs no pattern can match.
    whole = page.source.lower() if len(page.source) <= 4 * LONGEST else "\n".join(line.folded.lower() for line in left)
    by_rule = {_furniture(line) for line in page.lines if line.removed_by} - {""}
    if not by_rule and not any(stem in whole or stem in title.lower() for stem in walls.STEMS):
        return ""
    said = [line.folded.lower() for line in page.lines]
    kind = _kind_of([title.lower(), *said]) or next(iter(sorted(by_rule)), "")
    if not kind:
        return ""
    explained = other = prose = 0
    for line, text in zip(page.lines, said, strict=True):
        if line.removed_by and _furniture(line):
            explained += line.words
            continue
        for sentence in _SENTENCE.split(text):  # a line may be a whole article
            words = max(1, sentence.count(" ") + 1, line.words if sentence is text else 0)
            if _is_explained(sentence, words):
                explained += words
            elif not line.removed_by:  # a menu speaks for neither
                other += words
                prose += words if words >= _PROSE else 0
    if not left and not by_rule and kind not in ("error", "script"):
        return ""
    return kind if other <= explained and 2 * prose <= explained else ""


def _is_explained(sentence: str, words: int) -> bool:
    """Whether a sentence is what such pages say: a long one needs more than one word of theirs."""
    said = len(set(walls.beside().findall(sentence)))
    return said > words // _EACH or bool(_kind_of([sentence]))


_SENTENCE = re.compile(r"(?<=[.!?])\s+|(?<=[。！？])")
_PROSE = 8  # words of a sentence that stands for an article
_EACH = 12  # words, for each of which a sentence must have a word of such pages


def _furniture(line: JudgedLine) -> str:
    """The kind of wall that the rule is about which took a line."""
    name = line.removed_by.id.rpartition("/")[2] if line.removed_by else ""
    return {"consent": "consent", "paywall": "log-in"}.get(name, "")


def _kind_of(lines: Iterable[str]) -> str:
    """The kind of wall that most of the lines speak for, the first of walls.KINDS where as many speak for another."""
    lines = [line for line in lines if line]
    counts = {kind: sum(bool(walls.of_kind(kind).search(line)) for line in lines) for kind in walls.KINDS}
    kind = max(counts, key=counts.__getitem__)
    return kind if counts[kind] else ""


def _is_told(lines: Sequence[JudgedLine]) -> bool:
    """Whether prose that is left, and stands together, is longer than a teaser: an article whose page lists others, too."""
    told = 0
    for line in lines:
        told = told + line.words if line.prose and not line.removed_by else 0
        if told > _TEASER:
            return True
    return False


def _is_index(lines: Sequence[JudgedLine]) -> bool:
    """Whether lines are titles of articles, each with a teaser or a date at most."""
    if len(lines) < _TITLES:
        return False
    return _linked_titles(lines) or _dated_titles(lines)


def _linked_titles(lines: Sequence[JudgedLine]) -> bool:
    titles = [i for i, line in enumerate(lines) if line.block.links >= 0.8 and 3 <= line.words <= 40]
    if len(titles) < _TITLES:
        return False
    edges = [-1, *titles, len(lines)]
    between = [sum(line.words for line in lines[low + 1 : high]) for low, high in pairwise(edges)]
    linked = sum(lines[i].words for i in titles)
    teasers = sum(words > 0 for words in between[1:-1])
    return between[0] <= _INTRODUCTION and max(between) <= _TEASER and (teasers >= _TITLES - 2 or 4 * sum(between) <= linked)


def _dated_titles(lines: Sequence[JudgedLine]) -> bool:
    if sum(line.prose for line in lines) * 4 > len(lines):
        return False
    stamps = [i for i, line in enumerate(lines) if line.words <= _STAMPED and walls.STAMP.search(line.folded.lower())]
    if len(stamps) < _TITLES:
        return False
    titles = sum(3 <= lines[i - 1].words <= 25 and not lines[i - 1].sentence for i in stamps if i and i - 1 not in stamps)
    return titles >= _TITLES - 1 and 10 * titles >= 7 * len(stamps)
