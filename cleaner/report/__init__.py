"""What was found, shown: on a terminal or in a pipe, as a patch, as a page, as JSON. Every text of an article passes
`text.visible`, but in patches and JSON, which are exact.

console     lines and columns on a terminal (the only importer of rich)
removals    what cleaning removed from articles, for a terminal
tellings    how the tellings of a story differ, for a terminal
groups      the overview of groups, and the counts of a run, for a terminal
patch       what cleaning removes from plain-text files, for git apply
page        all of that as one HTML file
as_json     the same as JSON values
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Literal
from urllib.parse import quote

from cleaner import text as texts
from cleaner.clean import site_of
from cleaner.diff import Kinship, Point
from cleaner.diff.disagreements import How
from cleaner.diff.removals import TOO_MUCH, Removals
from cleaner.model import Article, Grouping, Passage, Shared


def title_of(article: Article) -> str:
    """A headline for an article: its title, else its first sentence."""
    whole = texts.one_line(article.title or next(iter(texts.sentences(article.text[:_OPENING])), ""), 1000)
    return cut(whole, _TITLE) or "(empty)"


def cut(text: str, most: int) -> str:
    """A text on one line that has been seen to, at the end of a word where it is too long."""
    if len(text) <= most:
        return text
    short = text[: most - 1]
    return (short.rsplit(" ", 1)[0] if " " in short[most // 2 :] else short).rstrip(" ,;:-") + "…"


_TITLE = 90  # characters
_OPENING = 2000  # in which the first sentence ends


def outlet_of(article: Article) -> str:
    """Who told it: the article's site, else the host of its address."""
    return texts.one_line(article.site or site_of(article) if article.site or article.url else "", _OUTLET)


_OUTLET = 40  # characters


def link_of(article: Article) -> str:
    """The article's address where a reader may follow it: of the web, without anything that hides; "" else."""
    url = (article.url or "").strip()
    if not _ADDRESS.fullmatch(url) or len(url) > _LONGEST_LINK:
        return ""
    return quote(url, safe="%/:?#[]@!$&()*+,;=~-._")


_ADDRESS = re.compile(r"https?://[^\s/?#<>\"'\\`{}|^\x00-\x20\x7f]+(?:[/?#][^\s<>\"'\\`{}|^\x00-\x20\x7f]*)?", re.IGNORECASE)
_LONGEST_LINK = 2000


def counted(number: int, noun: str) -> str:
    """A number and its noun: 1 story, 2 stories."""
    plural = noun[:-1] + "ies" if noun.endswith("y") and noun[-2:-1] not in "aeiou" else noun + "s"
    return f"{number:,} {noun if number == 1 else plural}"


def singular(number: int, plural: str) -> str:
    """What a count is of, in words that go with the number: "inputs skipped", and "input skipped" of one."""
    if number == 1:
        for many, one in (("articles", "article"), ("inputs", "input"), ("stories", "story"), ("copies", "copy")):
            plural = re.sub(rf"\b{many}\b", one, plural)
    return plural


def told_often(grouping: Grouping) -> int:
    """How many stories have several independent tellings: one and its copies are one."""
    tellings = Counter(member.story for member in grouping.members if member.id == member.copy)
    return sum(count > 1 for count in tellings.values())


MUCH = f"more than {TOO_MUCH * 100:.0f} %"  # of an article that lost too much


def lost(found: Removals) -> str:
    """How much of an article was removed."""
    return f"{counted(len(found.removed), 'removal')}, {found.gone:,} of {found.characters:,} characters ({found.share:.0%})"


def in_common(shared: Shared) -> tuple[str, ...]:
    """What tellings share, as lines to show: the names, and then the numbers and the phrases that say more than a name."""
    named = ", ".join(shared.names).lower()
    phrases = tuple(phrase for phrase in shared.phrases if phrase.lower() not in named)
    return tuple(", ".join(labels) for labels in (shared.names, shared.numbers + phrases) if labels)


def reasons(compared: Kinship) -> list[tuple[Literal["share", "apart"], str]]:
    """Why an article is of one story with A, or is not: "share" or "apart", and what. What copies share goes without
    saying."""
    shared = () if compared.same_copy else in_common(compared.shared) or ("no name, number or phrase",)
    apart = [f"{what}: {first} in A; {second} here" for what, first, second in compared.apart]
    found: list[tuple[Literal["share", "apart"], str]] = [("share", said) for said in shared]
    return [*found, *(("apart", said) for said in apart)]


def of_passage(passage: Passage) -> str:
    """What is told of a passage that an article shares; the other's name comes after it."""
    return f"shares a passage of {counted(passage.words, 'word')} with"


def short_name(article: Article, name: str) -> str:
    """An article in few words: its outlet and its headline; where it has neither, its id."""
    known = " ".join(filter(None, (outlet_of(article), cut(texts.one_line(article.title or "", 1000), _SHORT))))
    return known or texts.shown(name)


_SHORT = 60  # characters


def letter(number: int) -> str:
    """What the telling of a story is called for short: A, B, ... Z, AA, AB."""
    return (letter(number // 26 - 1) if number >= 26 else "") + chr(ord("A") + number % 26)


def variants(point: Point) -> list[tuple[str, list[int]]]:
    """The wordings of a point, each once, with the numbers of the tellings that have it."""
    found: dict[str, tuple[str, list[int]]] = {}
    for number, wording in enumerate(point.wordings):
        if wording is not None:
            found.setdefault(texts.normalise(wording), (wording, []))[1].append(number)
    return list(found.values())


# What differences are called, the surest first.
HOW: dict[How, str] = {
    "disagreement": "Where they disagree",
    "development": "What changed from day to day",
    "spelling": "Spelt in two ways",
    "unsure": "Perhaps of the same thing",
}
