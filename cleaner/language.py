"""Which language an article is in."""

from __future__ import annotations

# Function words. Where they are many, an article is English, and no model needs to be loaded to tell.
_ENGLISH = frozenset(["the", "of", "and", "to", "is", "was", "that", "for", "with", "on", "are", "by", "his", "her", "it"])
_SHARE = 0.08
_SURE = 3  # of both "the" and "and": then half the share will do, as in an article full of names and numbers
_FEWEST = 5  # words: of fewer the language is a matter of luck

# Languages whose articles are often taken for each other's, and whose boilerplate is worded alike.
_NEAR = {"nb": "no", "nn": "no", "da": "no", "ms": "id"}

SAMPLE = 2000  # code points: enough to tell, and ten times as fast as a long article


def language_of(text: str, stated: str | None = None) -> str:
    """The language of a text as a family (see there), by py3langid; a guess, and for a short text a poor one.

    "" for a text of hardly any words. `stated` is what the text's page says of it: believed, unless it is the English of
    so many pages in other languages.
    """
    words = text[:SAMPLE].lower().split()
    english = [word for word in words if word in _ENGLISH]
    if len(english) > _SHARE * len(words) or (
        len(english) > _SHARE / 2 * len(words) and min(english.count("the"), english.count("and")) >= _SURE
    ):
        return "en"
    if stated and (family(stated) != "en" or len(english) > _SHARE / 4 * len(words)):
        return family(stated)
    if len(words) < _FEWEST and text.isascii():
        return ""
    from py3langid import classify  # its model takes half a second to load: only texts that may need it pay for it

    return family(str(classify(text[:SAMPLE])[0]))


def family(tag: str) -> str:
    """One ISO 639-1 tag for languages that are hardly told apart."""
    tag = tag.lower().replace("_", "-").split("-")[0]
    return _NEAR.get(tag, tag)
