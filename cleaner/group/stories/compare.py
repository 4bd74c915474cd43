"""Whether two articles alone tell one story, and why."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from cleaner.group.stories.clusters import as_similarity
from cleaner.group.stories.contradictions import Apart, apart, penalise
from cleaner.group.stories.dates import days_apart
from cleaner.group.stories.explain import explain
from cleaner.group.stories.features import StoryFeatures
from cleaner.group.stories.similarity import TfidfVectors, log_odds, shift_here
from cleaner.model import Shared
from cleaner.options import StoryOptions


@dataclass(frozen=True, slots=True)
class StoryComparison:
    """Whether two articles tell one story, what they share, and what speaks against it.

    `similarity` is 0 to 1, and from .5 on they do, if their dates allow it.
    `apart` holds (what, the first article's, the second's): "dates", "days of the week", "numbers of ...".
    """

    similarity: float
    same: bool
    shared: Shared
    apart: Apart


def compare(a: StoryFeatures, b: StoryFeatures, options: StoryOptions) -> StoryComparison:
    """Whether two articles tell one story, decided as among many, and why."""
    window = options.window
    first, second = np.array([0]), np.array([1])
    odds = np.array([-math.inf])
    if len(a.terms) and len(b.terms):
        alike = TfidfVectors([a, b]).similarities(first, second)
        odds = penalise([a, b], first, second, log_odds(alike))
        odds += shift_here(odds, 2)
    similarity = float(as_similarity(odds, options.strictness)[0])
    same = similarity >= 0.5 and days_apart(a.dates, b.dates) <= window
    return StoryComparison(similarity, same, explain([a, b]), apart(a, b, window))
