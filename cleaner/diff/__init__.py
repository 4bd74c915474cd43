"""How articles differ, as data, for report/ to show: what cleaning removes, and how the tellings of a story differ.

removals        what cleaning removed from one article, as lines with those around them
tellings        two articles, or all of a story's, compared in every way below
sentences       which sentences say the same, which say it in other words, which stand alone
wording         two wordings of a sentence, word by word
passages        runs of words that texts share, whatever sentences they stand in
claims          the dates, times, figures and names that a text states, and what it quotes
statements      all that a text states; what several texts all state
disagreements   where two texts state different things of what seems the same
tokens          the ways in which a text is taken apart for these
vocabulary      the English words that claims need
"""

from __future__ import annotations

from cleaner.diff.disagreements import Disagreement
from cleaner.diff.sentences import Sentence
from cleaner.diff.tellings import Comparison, Point, Story, Telling, story

__all__ = ["Comparison", "Disagreement", "Point", "Sentence", "Story", "Telling", "story"]
