"""The sentences of an article that state its names and figures: by these a digest tells what it says."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from cleaner import text as texts
from cleaner.group.stories.features import KIND_SHIFT, NAMES, NUMBERS, StoryFeatures

_READ = 3000  # code points: as far as names and figures are looked for (see group/stories/features.py)
_LONGEST = 300  # code points of a sentence that is worth telling
_WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+")


def statements(text: str, features: StoryFeatures) -> tuple[str, ...]:
    """The sentences of a text in which its heaviest names and figures first stand, each once, in the order of the text."""
    left = {words_of(words) for term, words in features.labels if term >> KIND_SHIFT in (NAMES, NUMBERS)}
    found = []
    for sentence in texts.sentences(text[:_READ]):
        said = words_of(sentence)
        if first := {label for label in left if label in said}:
            left -= first
            if len(sentence) <= _LONGEST:
                found.append(texts.one_line(sentence, _LONGEST))
    return tuple(found)


def telling(sentences: Sequence[str], labels: Iterable[str], most: int) -> list[int]:
    """The places of at most so many sentences that state most of some names and figures, those first that state most."""
    left = {words_of(label) for label in labels}
    said = [words_of(sentence) for sentence in sentences]
    chosen: list[int] = []
    while left and len(chosen) < most:
        new = [sum(label in one for label in left) for one in said]
        if not any(new):
            break
        best = new.index(max(new))
        chosen.append(best)
        left = {label for label in left if label not in said[best]}
    return chosen


def words_of(text: str) -> str:
    """The words and numbers of a text, small, with a space around each: so one text is looked for in another."""
    return f" {' '.join(_WORD.findall(text.lower()))} "
