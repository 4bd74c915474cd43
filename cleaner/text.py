"""Lines, sentences and words of a text; showing control characters safely."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import UTC, datetime, time

from cleaner.model import Block

WORD = re.compile(r"\w+")

# Scripts that are written without spaces between words: a character counts as a word there.
UNSPACED = (
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)
_UNSPACED = re.compile(UNSPACED)

# What a reader takes for the same sign, made the same before a rule looks at a line.
_SAME = {
    "'": "\u2018\u2019\u201a\u201b\u02bc\u00b4\u2032",
    '"': "\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033",
    "-": "\u2010\u2011\u2012\u2013\u2014\u2015\u2212",
    "": "\u200b\u200c\u200d\u2060\ufeff\u00ad",
    "...": "\u2026",
}
_SIGNS = [(sign, plain) for plain, signs in _SAME.items() for sign in signs]
_BULLET = re.compile(r"^(?:[-*+>|#\u2022\u2023\u2043\u25aa\u25b6\u25ba\u25cf\u00b7\u2192\u27a1\u203a]+\ufe0f?\s+)+")


# From the first sign of a line that is not blank to the last.
_LINE = re.compile(r"\S(?:[^\n]*\S)?")


def lines(text: str) -> tuple[Block, ...]:
    """The lines of a text that are not blank, as blocks without the white space around them.

    Lines end at a line feed only: str.splitlines also splits at form feeds and U+2028, which breaks patches.
    """
    return tuple(Block(*match.span()) for match in _LINE.finditer(text))


def normalise(line: str) -> str:
    """A line as rules see it: one kind of quote, dash, space and full-width letter, no bullet, no invisible sign."""
    if not line.isascii():
        line = _plain(line)
        if not unicodedata.is_normalized("NFKC", line):
            line = _plain(unicodedata.normalize("NFKC", line))
    return _BULLET.sub("", " ".join(line.split()))


def _plain(line: str) -> str:
    for sign, plain in _SIGNS:  # four times as fast as str.translate
        if sign in line:
            line = line.replace(sign, plain)
    return line


def is_unspaced(text: str) -> bool:
    """Whether a text is written without spaces between words."""
    return bool(_UNSPACED.search(text)) and len(words(text)) > 2 * (text.count(" ") + 1)


def is_unspaced_letter(char: str) -> bool:
    """Whether a character is of a script without spaces, where it counts as a word."""
    return bool(_UNSPACED.match(char))


def words(text: str) -> list[str]:
    """The words of a text in lower case; where the script has no spaces, its characters."""
    found = WORD.findall(text.lower())
    if text.isascii() or not _UNSPACED.search(text):
        return found
    split: list[str] = []
    for word in found:
        split.extend(_UNSPACED.sub(r" \g<0> ", word).split())
    return split


# A sentence ends at a full stop, with its closing quotes and brackets, where white space and something that can open a
# sentence follow; or at a line's end; or at an ideographic full stop.
_SENTENCE_END = re.compile(
    r"[.!?\u2026]+[\"'\u2019\u201d\u00bb)\]]*(?=\s+[\"'\u2018\u201c\u00ab(\[\u00bf\u00a1]*[^\W_a-z])|[\u3002\uff01\uff1f][\u300d\u300f\u201d]?|\n"
)
_ABBREVIATION = re.compile(
    r"(?:\b(?:[A-Z]|Mr|Mrs|Ms|Dr|Prof|St|Gen|Sen|Rep|Gov|Lt|Col|Sgt|Capt|Jr|Sr|Jan|Feb|Aug|Sept|Oct|Nov|Dec|No|vs|Inc|Co|Corp|Ltd)"
    r"|\b(?:[A-Za-z]\.)+[A-Za-z])\.$"
)


def sentences(text: str) -> list[str]:
    """The sentences of a text, without the white space around them; a line's end always ends one."""
    found = []
    start = 0
    for match in _SENTENCE_END.finditer(text):
        piece = text[start : match.end()]
        if match.group() == "." and _ABBREVIATION.search(piece[-12:]):
            continue
        if piece.strip():
            found.append(piece.strip())
        start = match.end()
    if text[start:].strip():
        found.append(text[start:].strip())
    return found


# Control, format, surrogate, private and unassigned characters, and the line and paragraph separators, can drive a
# terminal or turn a line around; tab and line feed are layout.
_UNSAFE = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
_JOINERS = "\u200c\u200d"  # needed by Persian and Indic spelling and by emoji, and harmless


def _shown(char: str) -> str:
    if char in "\t\n" or char in _JOINERS or unicodedata.category(char) not in _UNSAFE:
        return char
    return f"<U+{ord(char):04X}>"


def escape_controls(text: str) -> str:
    """The text with every control, escape and bidi character written out, as <U+001B>; tabs and line feeds stay.

    The one gate that scraped text passes on its way to a terminal, a report or a message.
    """
    return text if text.isascii() and text.isprintable() else "".join(map(_shown, text))


def shown(name: str) -> str:
    """A name as it stands, `escape_controls`, with line feeds and tabs written out too."""
    return escape_controls(name).replace("\n", "<U+000A>").replace("\t", "<U+0009>")


def one_line(text: str, width: int = 200) -> str:
    """`escape_controls` text on one line of at most `width` characters, for messages and table cells."""
    flat = escape_controls(" ".join(text.split()))
    return flat if len(flat) <= width else flat[: width - 1] + "…"


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """What a wrong word was probably meant to be, as the end of a message; "" where none of the known ones is close."""
    from difflib import get_close_matches  # only a mistake pays for it

    close = get_close_matches(word.lower(), list(known), n=1)
    return f" (did you mean {close[0]!r}?)" if close else ""


def date_of(value: object) -> str | None:
    """The day of an ISO 8601 date or time as YYYY-MM-DD, or None where it cannot be read as one."""
    if not isinstance(value, str):
        return None
    try:
        return datetime.fromisoformat(value.strip()).date().isoformat()
    except ValueError:
        return None


_DATE_ALONE = re.compile(r"[\d-]+|\d{4}-?W[\d-]+")


def instant_of(value: object) -> float | None:
    """An ISO 8601 date or time as seconds since 1970, or None where it cannot be read as one. A date alone is the end of the
    day, for nothing says that it was earlier; a time without a zone is taken for UTC."""
    if not isinstance(value, str):
        return None
    try:
        stated = value.strip()
        found = datetime.fromisoformat(stated)
        found = datetime.combine(found, time.max) if _DATE_ALONE.fullmatch(stated) else found
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return None
