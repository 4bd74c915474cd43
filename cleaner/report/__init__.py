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

from typing import Literal

from cleaner import text as texts
from cleaner.diff import Comparison
from cleaner.diff.removals import TOO_MUCH, Removals
from cleaner.model import Article, Passage, Shared


def title_of(article: Article) -> str:
    """A headline for an article: its title, else its first words."""
    first = next(iter(texts.lines(article.text)), None)
    whole = texts.one_line(article.title or (article.text[first.start : first.end] if first else ""), 1000)
    if len(whole) <= _TITLE:
        return whole or "(empty)"
    cut = whole[: _TITLE - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut[_TITLE // 2 :] else cut).rstrip() + "…"


_TITLE = 90  # characters


def counted(number: int, noun: str) -> str:
    """A number and its noun: 1 story, 2 stories."""
    plural = noun[:-1] + "ies" if noun.endswith("y") else noun + "s"
    return f"{number:,} {noun if number == 1 else plural}"


MUCH = f"more than {TOO_MUCH * 100:.0f} %"  # of an article that lost too much


def lost(found: Removals) -> str:
    """How much of an article was removed."""
    return f"{counted(len(found.removed), 'removal')}, {found.gone:,} of {found.characters:,} characters ({found.share:.0%})"


def in_common(shared: Shared) -> tuple[str, ...]:
    """What tellings share, as lines to show: the names, and then the numbers and the phrases that say more than a name."""
    named = ", ".join(shared.names).lower()
    phrases = tuple(phrase for phrase in shared.phrases if phrase.lower() not in named)
    return tuple(", ".join(labels) for labels in (shared.names, shared.numbers + phrases) if labels)


def reasons(compared: Comparison) -> list[tuple[Literal["share", "apart"], str]]:
    """Why an article is of one story with A, or is not: "share" or "apart", and what. What copies share goes without
    saying."""
    shared = () if compared.same_copy else in_common(compared.shared) or ("no name, number or phrase",)
    apart = [f"{what}: {first} in A; {second} here" for what, first, second in compared.apart]
    found: list[tuple[Literal["share", "apart"], str]] = [("share", said) for said in shared]
    return [*found, *(("apart", said) for said in apart)]


def of_passage(passage: Passage) -> str:
    """What is told of a passage that an article shares; the other's id comes after it."""
    return f"shares a passage of {counted(passage.words, 'word')} with"


def letter(number: int) -> str:
    """What the telling of a story is called for short: A, B, ... Z, AA, AB."""
    return (letter(number // 26 - 1) if number >= 26 else "") + chr(ord("A") + number % 26)
