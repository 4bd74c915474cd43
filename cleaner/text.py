"""Lines, sentences and words of a text; showing control characters safely."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable

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
_BULLETS = "-*+>|#\u2022\u2023\u2043\u25aa\u25b6\u25ba\u25cf\u00b7\u2192\u27a1\u203a"
_BULLET = re.compile(f"^(?:[{re.escape(_BULLETS)}]+\ufe0f?\\s+)+")


# From the first sign of a line that is not blank to the last.
_LINE = re.compile(r"\S(?:[^\n]*\S)?")


def lines(text: str) -> tuple[Block, ...]:
    """The lines of a text that are not blank, as blocks without the white space around them.

    Lines end at a line feed only: str.splitlines also splits at form feeds and U+2028, which breaks patches.
    """
    return tuple(Block(*match.span()) for match in _LINE.finditer(text))


# A text that was wrapped at a column, as mail and PDF readers do it: no line but an address is longer than WIDEST, and
# nearly every line that another follows ends where its first word had no more room, mostly within a sentence.
_NARROWEST, _WIDEST = 28, 100
_FEWEST = 4  # lines that were wrapped
_WRAPPED, _MID_SENTENCE = 0.8, 0.6
_OPENS_ITEM = re.compile(r"[-*+>|#\u2022\u2023\u25aa\u25cf\u00b7]|\d{1,3}[.)]\s|`{3}|~{3}")
_ENDS = re.compile(r"[.!?:\u2026][\"'\u2019\u201d\u00bb)\]]*$")


def blocks(text: str) -> tuple[Block, ...]:
    """The lines of a plain text; of one that was wrapped at a column, the paragraphs that it was wrapped from."""
    found = lines(text)
    sizes = [block.end - block.start for block in found]
    if any(n > _WIDEST and " " in text[block.start : block.end] for n, block in zip(sizes, found, strict=True)):
        return found
    width = max((n for n in sizes if n <= _WIDEST), default=0)
    if width < _NARROWEST or len(found) <= _FEWEST:
        return found
    rooms = [_room(text[block.start : block.end]) for block in found]
    pairs = [i for i in range(1, len(found)) if text.count("\n", found[i - 1].end, found[i].start) == 1]
    goes_on = [i for i in pairs if sizes[i - 1] + 1 + rooms[i] > width and not _OPENS_ITEM.match(text, found[i].start)]
    within = sum(not _ENDS.search(text, found[i - 1].start, found[i - 1].end) for i in goes_on)
    if len(goes_on) < max(_FEWEST, _WRAPPED * len(pairs)) or within < _MID_SENTENCE * len(goes_on):
        return found
    joined = [found[0]]
    follows = set(goes_on)
    for i, block in enumerate(found[1:], 1):
        if i in follows:
            joined[-1] = Block(joined[-1].start, block.end)
        else:
            joined.append(block)
    return tuple(joined)


def _room(line: str) -> int:
    """How much room a line's first word would have needed at the end of the line above it; where a script has no spaces, a
    character or two that must not open a line."""
    return 3 if is_unspaced_letter(line[0]) else len(line.split(maxsplit=1)[0])


# What UTF-8 looks like where it was taken for windows-1252 (or windows-1251): pairs that no language writes.
_MOJIBAKE = re.compile(
    "[\u00c2\u00c3][\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]"
    "|\u00e2(?:\u20ac|\u0080)|[\u00d0\u00d1][\u0080-\u00bf\u2018-\u203a]|\u0420\u00b0|\u0432\u0402"
)
_MOJIBAKE_OPENS = "\u00c2\u00c3\u00e2\u00d0\u00d1\u0420\u0432"  # asked first: ten times as fast as the pattern
_ENTITY = re.compile(r"&(?:#\d{1,6}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]{2,24}\d{0,2});")
_INVISIBLE = "\u200b\u2060\ufeff\u00ad"


def as_meant(line: str) -> str:
    """A line as its author wrote it: entities that somebody forgot to decode, and text that was decoded wrongly, undone;
    without soft hyphens and signs of no width. For looking at; what stays of a text stays as it came."""
    if "&" in line and _ENTITY.search(line):
        line = html.unescape(line).replace("\n", " ")
    if line.isascii():
        return line
    if any(sign in line for sign in _MOJIBAKE_OPENS) and _MOJIBAKE.search(line):
        from ftfy import fix_encoding  # few texts pay for it

        line = fix_encoding(line).replace("\n", " ")
    for sign in _INVISIBLE:
        if sign in line:
            line = line.replace(sign, "")
    return line


def normalise(line: str) -> str:
    """A line as rules see it: `as_meant`, with one kind of quote, dash, space and full-width letter, and no bullet."""
    return folded(as_meant(line))


def folded(line: str) -> str:
    """What `normalise` makes of a line that is `as_meant` already."""
    if not line.isascii():
        line = _plain(line)
        if not unicodedata.is_normalized("NFKC", line):
            line = _plain(unicodedata.normalize("NFKC", line))
    if not line.isprintable() or "  " in line or line[:1] == " " or line[-1:] == " ":  # most lines are well spaced
        line = " ".join(line.split())
    return _BULLET.sub("", line) if line[:1] in _BULLETS else line


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
    return [text[start:end] for start, end in sentence_spans(text)]


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Where the sentences of a text begin and end (see `sentences`)."""
    found = []
    start = 0
    for match in _SENTENCE_END.finditer(text):
        if match.group() == "." and _ABBREVIATION.search(text[max(start, match.end() - 12) : match.end()]):
            continue
        found.append((start, match.end()))
        start = match.end()
    found.append((start, len(text)))
    return [span for span in (_stripped(text, *span) for span in found) if span[0] < span[1]]


def _stripped(text: str, start: int, end: int) -> tuple[int, int]:
    """A span without the white space at its ends."""
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip())


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
