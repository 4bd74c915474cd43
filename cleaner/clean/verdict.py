"""Why the model takes a line, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cleaner.rules import Rule

ID = "model"  # the id of its removals, where a rule has its own
_LOUD = 0.35  # log odds: what moved the verdict less than this is not named
_NAMED = 3

# What the columns of a line (see features.describe) are about, in words for when they speak for removal.
_WORDS = {
    "shape": "its length and punctuation",
    "wording": "its wording",
    "edges": "how it begins and ends",
    "kinship": "how few names and rare words it shares with the article",
    "address": "the words it shares with the article's address",
    "repeats": "what it repeats",
    "rules": "a rule that half fits it",
    "markup": "its markup",
    "place": "where it stands",
    "around": "what stands around it",
    "article": "how the article begins and ends",
}
GROUPS = tuple(_WORDS)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The model's, on a line that goes: how sure it is that the line is boilerplate, 0 to 1, and how far each of GROUPS
    speaks for it, in log odds."""

    confidence: float
    effects: tuple[float, ...]

    id = ID


def why(reasons: Sequence[Rule | Verdict]) -> str:
    """Why lines that go together go, in words: the rule's own, or how sure the model is and what spoke loudest."""
    verdicts = [reason for reason in reasons if isinstance(reason, Verdict)]
    if not verdicts:
        first = reasons[0]
        return first.why if isinstance(first, Rule) else ""
    sure = sum(verdict.confidence for verdict in verdicts) / len(verdicts)
    effects = [sum(column) / len(verdicts) for column in zip(*(verdict.effects for verdict in verdicts), strict=True)]
    loudest = sorted(zip(effects, GROUPS, strict=True), reverse=True)[:_NAMED]
    named = [_WORDS[group] for effect, group in loudest if effect >= _LOUD] or [_WORDS[loudest[0][1]]]
    spoke = named[0] if len(named) == 1 else f"{', '.join(named[:-1])} and {named[-1]}"
    return f"looks like boilerplate ({int(100 * sure)} % sure) by {spoke}"
