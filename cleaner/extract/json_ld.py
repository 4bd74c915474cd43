"""The text of an article that a page states for machines alone: `articleBody` in its JSON-LD."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from typing import Any

_LEAST = 40  # words of a body: less is a teaser
_TAG = re.compile(r"<(?:(/?(?:p|div|br|li|h\d|blockquote)\b)[^<>]*|/?[a-zA-Z][^<>]*)>")


def article_body(tree: Any) -> str:
    """The longest `articleBody` of a page's JSON-LD as plain text, "" where there is none."""
    bodies = [
        body
        for script in tree.iter("script")
        if script.get("type") == "application/ld+json" and "articleBody" in (script.text or "")
        for body in _bodies(_value(script.text))
    ]
    return _plain(max(bodies, key=len, default=""))


def has_none(text: str, body: str) -> bool:
    """Whether the markup of a page, of which `text` was extracted, has none of the article that its JSON-LD has."""
    words = _words(body)
    return words >= _LEAST and 4 * _words(text) < words


def _words(text: str) -> int:
    return len(text.split()) if text.isascii() or " " in text[:200] else len(text) // 2


def _value(text: str) -> Any:
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return None


def _bodies(value: Any) -> Iterator[str]:
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, list):
            waiting += item
        elif isinstance(item, dict):
            waiting += item.values()
            body = item.get("articleBody")
            if isinstance(body, str):
                yield body


def _plain(body: str) -> str:
    """A body without the tags and entities that some sites leave in it, one paragraph a line."""
    text = html.unescape(_TAG.sub(lambda tag: "\n" if tag[1] else "", html.unescape(body)))
    return "\n".join(line for line in (" ".join(part.split()) for part in text.splitlines()) if line)
