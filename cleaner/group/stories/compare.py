"""Whether two articles alone tell one story, and why."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from cleaner.group.stories.clusters import THRESHOLDS
from cleaner.group.stories.contradictions import Apart, apart, second_look
from cleaner.group.stories.explain import explain
from cleaner.group.stories.features import Described
from cleaner.group.stories.similarity import Weighed, log_odds
from cleaner.model import Shared
from cleaner.options import StoryOptions

_SOFT = 4  # the log odds are divided by it, so that similarities of pairs spread over 0 to 1


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether two articles tell one story, what they share, and what speaks against it.

    `similarity` is 0 to 1, and from .5 on they do, if their dates allow it.
    `apart` holds (what, the first article's, the second's): "dates", "days of the week", "numbers of ...".
    """

    similarity: float
    same: bool
    shared: Shared
    apart: Apart


def compare(a: Described, b: Described, options: StoryOptions) -> Verdict:
    """Whether two articles tell one story, decided as among many, and why."""
    threshold, window = THRESHOLDS[options.strictness], options.window
    first, second = np.array([0]), np.array([1])
    odds = -math.inf
    if len(a.terms) and len(b.terms):
        found = Weighed([a, b]).evidence(first, second)
        odds = float(second_look([a, b], first, second, log_odds(2, first, second, found))[0])
    similarity = 1 / (1 + math.exp(min(700, (math.log(threshold / (1 - threshold)) - odds) / _SOFT)))
    near = not a.times.day or not b.times.day or abs(a.times.day - b.times.day) <= window
    return Verdict(similarity, similarity >= 0.5 and near, explain([a, b]), apart(a, b, window))
