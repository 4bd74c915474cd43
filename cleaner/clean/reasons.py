"""Why the model takes a line, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cleaner.rules import Rule

ID = "model"  # the id of its removals, where a rule has its own
_LOUD = 0.35  # log odds: what moved its score less than this is not named
_NAMED = 3

# What the columns of a line are about (see model.features: what their names begin with), in words for when they speak for
# removal. Of two that speak equally loud the later one comes first.
_WORDS = {
    "address": "the words it shares with the article's address",
    "around": "what stands around it",
    "article": "how the article begins and ends",
    "edges": "how it begins and ends",
    "overlap": "how few names and rare words it shares with the article",
    "markup": "its markup",
    "place": "where it stands",
    "repeats": "what it repeats",
    "rules": "a rule that half fits it",
    "shape": "its length and punctuation",
    "wording": "its wording",
    "tree": "where in the page's markup it stands",
}
*GROUPS, _ = PAGE_GROUPS = tuple(_WORDS)  # of a page's blocks, which have a tree, one more


@dataclass(frozen=True, slots=True)
class ModelReason:
    """The model's, why a line goes: how sure it is that the line is boilerplate, 0 to 1, and how far each of GROUPS
    (of a page's blocks PAGE_GROUPS) speaks for it, in log odds."""

    confidence: float
    effects: tuple[float, ...]

    id = ID


def why(reasons: Sequence[Rule | ModelReason]) -> str:
    """Why lines that go together go, in words: the rule's own, or how sure the model is and what spoke loudest."""
    of_model = [reason for reason in reasons if isinstance(reason, ModelReason)]
    if not of_model:
        first = reasons[0]
        return first.why if isinstance(first, Rule) else ""
    sure = sum(reason.confidence for reason in of_model) / len(of_model)
    effects = [sum(column) / len(of_model) for column in zip(*(reason.effects for reason in of_model), strict=True)]
    loudest = sorted(zip(effects, range(len(effects)), strict=True), reverse=True)[:_NAMED]
    named = [_WORDS[PAGE_GROUPS[i]] for effect, i in loudest if effect >= _LOUD] or [_WORDS[PAGE_GROUPS[loudest[0][1]]]]
    spoke = named[0] if len(named) == 1 else f"{', '.join(named[:-1])} and {named[-1]}"
    return f"looks like boilerplate ({int(100 * sure)} % sure) by {spoke}"
