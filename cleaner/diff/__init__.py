"""How articles differ, as data, for report/ to show: what cleaning removes, and how the tellings of a story differ.

removals        what cleaning removed from one article, as lines with those around them
tellings        two articles, or all of a story's, compared in every way below
who_says_what   the claims that several tellings make, or make differently, with who makes them
points          what tellings say, sentence by sentence, each point once
sentences       which sentences of two texts say the same, which say it in other words, which stand alone
wording         two wordings of a sentence, word by word
passages        runs of words that texts share, whatever sentences they stand in
disagreements   where texts state different things of the same
claims          the dates, times, figures and names that a text states, and what it quotes
mentions        figures where they stand: what they count, and the words, places and years around them
statements      all that a text states; what several texts all state
tokens          the ways in which a text is taken apart for these
vocabulary      the words that claims need
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cleaner.diff.disagreements import Disagreement
    from cleaner.diff.points import Point
    from cleaner.diff.sentences import Sentence
    from cleaner.diff.tellings import Comparison, Kinship, Story, story
    from cleaner.diff.who_says_what import Stated
    from cleaner.diff.wording import Change

__all__ = ["Change", "Comparison", "Disagreement", "Kinship", "Point", "Sentence", "Stated", "Story", "story"]

_MODULES = {
    "Change": "wording",
    "Disagreement": "disagreements",
    "Point": "points",
    "Sentence": "sentences",
    "Stated": "who_says_what",
}


def __getattr__(name: str) -> object:
    """What is compared with is loaded when it is first asked for: cleaning does without."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES.get(name, 'tellings')}"), name)
