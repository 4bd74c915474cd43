"""Which language an article is in."""

from __future__ import annotations

from functools import cache
from typing import Any

# Languages whose articles are often taken for each other's, and whose boilerplate is worded alike.
_NEAR = {"nb": "no", "nn": "no", "da": "no", "ms": "id"}

_SAMPLE = 2000  # code points: enough to tell, and ten times as fast as a long article


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_pickled_model(MODEL_FILE)


def language_of(text: str) -> str:
    """The language of a text as an ISO 639-1 tag, by py3langid; a guess, and for a short text a poor one."""
    return str(_identifier().classify(text[:_SAMPLE])[0])


def same(a: str, b: str) -> bool:
    """Whether two language tags name one language, or two that are hardly told apart."""
    return _NEAR.get(a, a) == _NEAR.get(b, b)
