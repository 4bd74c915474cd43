"""The sentences of an article that state its names and figures: by these a digest tells what it says."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from cleaner import text as texts
from cleaner.dates import months, weekdays
from cleaner.group.stories.features import KIND_SHIFT, NAMES, NUMBERS
from cleaner.group.stories.store import unpacked
from cleaner.model import Article

_READ = 3000  # code points: as far as names and figures are looked for (see group/stories/features.py)
_LONGEST = 300  # code points of a sentence that is told
_NAMES = 0.45  # the share of its words that may have a capital, as German nouns have too
_ENDS = re.compile(r"[.!?…。！？।][\"'”’»)\]]*$")
_YEAR = re.compile(r" (?:19|20)\d\d ")
_WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+")


def statements(article: Article, features: bytes) -> tuple[str, ...]:
    """The sentences of an article's prose in which its heaviest names and figures first stand, each once, in their order.
    The features are packed, see stories.store."""
    left = {words_of(words) for term, words in unpacked(features).labels if term >> KIND_SHIFT in (NAMES, NUMBERS)}
    found = []
    for sentence in filter(_is_prose, texts.sentences(article.text[:_READ])):
        said = words_of(sentence)
        if first := {label for label in left if label in said}:
            left -= first
            found.append(texts.one_line(sentence, _READ))
    return tuple(found)


def stated(sentences: Iterable[str], labels: Iterable[str]) -> tuple[str, ...]:
    """Those of some names and figures that the sentences state: a headline's other words in capitals are not among them. A
    year, a month or a day of the week alone says nothing."""
    said = "".join(map(words_of, sentences))
    return tuple(label for label in labels if (words := words_of(label)) in said and not _only_a_day(words))


def telling(sentences: Sequence[str], labels: Iterable[str], most: int) -> list[int]:
    """The places of at most so many sentences that state most of some names and figures, those first that state most."""
    left = {words_of(label) for label in labels}
    said = [words_of(sentence) if len(sentence) <= _LONGEST else "" for sentence in sentences]
    chosen: list[int] = []
    while left and len(chosen) < most:
        new = [sum(label in one for label in left) for one in said]
        if not any(new):
            break
        best = new.index(max(new))
        chosen.append(best)
        left = {label for label in left if label not in said[best]}
    return chosen


def _is_prose(sentence: str) -> bool:
    """Whether a sentence is one, and no caption or row of headlines, which are names for the most part."""
    words = sentence.split()
    names = sum(word[0].isupper() for word in words)
    return names <= _NAMES * len(words) and bool(_ENDS.search(sentence))


def _only_a_day(words: str) -> bool:
    return bool(_YEAR.fullmatch(words)) or words.strip() in weekdays() or words.strip() in months()


def words_of(text: str) -> str:
    """The words and numbers of a text, small, with a space around each: so one text is looked for in another."""
    return f" {' '.join(_WORD.findall(text.lower()))} "
