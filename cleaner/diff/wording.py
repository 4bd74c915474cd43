"""Two wordings of a sentence, told apart word by word."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher
from enum import StrEnum

from cleaner import text as texts
from cleaner.diff.tokens import wording_tokens

_LARGEST = 250_000  # pairs of tokens of two wordings whose words are told apart: a matter of a tenth of a second


class Change(StrEnum):
    """What became of a piece of text; its value is the sign that stands for it in JSON."""

    SAME = "="
    GONE = "-"
    NEW = "+"


Piece = tuple[Change, str]


def word_changes(a: str, b: str) -> tuple[Piece, ...]:
    """The word-level difference of two wordings; empty where they differ in nothing but white space and quotes."""
    if texts.normalise(a) == texts.normalise(b):
        return ()
    left, right = wording_tokens(a), wording_tokens(b)
    keys = [[texts.normalise(token) or " " for token in side] for side in (left, right)]
    begin = _common(*keys)
    end = _common(*(list(reversed(side[begin:])) for side in keys))
    old, new = (slice(begin, len(side) - end) for side in keys)
    pieces = [(Change.SAME, "".join(left[:begin]))]
    if len(left[old]) * len(right[new]) > _LARGEST:
        pieces += [(Change.GONE, "".join(left[old])), (Change.NEW, "".join(right[new]))]
    else:
        for kind, i, j, k, m in SequenceMatcher(None, keys[0][old], keys[1][new], autojunk=False).get_opcodes():
            if kind == "equal":
                pieces.append((Change.SAME, "".join(left[old][i:j])))
            else:
                pieces += [(Change.GONE, "".join(left[old][i:j])), (Change.NEW, "".join(right[new][k:m]))]
    pieces.append((Change.SAME, "".join(left[len(left) - end :])))
    return _merged(pieces)


def _common(a: Sequence[str], b: Sequence[str]) -> int:
    """How many tokens two sequences have in common at their beginning."""
    for i, (x, y) in enumerate(zip(a, b, strict=False)):
        if x != y:
            return i
    return min(len(a), len(b))


def _merged(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """Pieces without empty ones, and with what is the same in both, but only a space, drawn to the changes around it: a
    phrase that was put in other words reads better whole."""
    whole: list[Piece] = []
    gone = new = ""
    kept = [piece for piece in pieces if piece[1]]
    for i, (kind, text) in enumerate(kept):
        if kind is Change.GONE:
            gone += text
        elif kind is Change.NEW:
            new += text
        elif not text.strip() and gone and new and i + 1 < len(kept):
            gone, new = gone + text, new + text
        else:
            whole += (*_changed(gone, new), (kind, text))
            gone = new = ""
    return (*whole, *_changed(gone, new))


def _changed(gone: str, new: str) -> list[Piece]:
    return [(kind, text) for kind, text in ((Change.GONE, gone), (Change.NEW, new)) if text]
