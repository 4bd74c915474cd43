"""What a text states that can be checked: dates, times, figures, names; and what it quotes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from cleaner import text as texts
from cleaner.dates import MONTHS_OF_SEVEN_LANGUAGES
from cleaner.diff.tokens import small_words
from cleaner.diff.vocabulary import FILLERS, NUMBER_WORDS, ONES, OPENERS, SCALES, TEENS, TENS

ClaimKind = Literal["date", "time", "money", "percent", "number", "year", "name"]

_MONTH = "|".join(sorted(MONTHS_OF_SEVEN_LANGUAGES, key=len, reverse=True))
_NUMBER = r"\d{1,3}(?:[,.\u00a0\u202f]\d{3})+(?!\d)|\d+(?:[.,]\d+)?"
_WORDS = "|".join((*(f"(?:{ten})(?:-(?:{'|'.join(('one', *ONES))}))?" for ten in TENS), *ONES, *TEENS, "dozen", "hundred"))
_YEAR = r"(?:1[5-9]|2[01])\d\d"
_CURRENCY = r"dollars?|euros?|pounds?|yen|francs?|rupees?|yuan"
_STATED = re.compile(
    rf"""
    \b(?P<iso>{_YEAR}-\d\d-\d\d)\b
  | \b(?P<month>{_MONTH})\b\.?\s(?P<day>[0-3]?\d)(?:st|nd|rd|th)?\b(?:,?\s(?P<year>{_YEAR})\b)?
  | \b(?P<day2>[0-3]?\d)(?:\.|st|nd|rd|th)?(?:\sde)?\s(?P<month2>{_MONTH})\b\.?
    (?:,?(?:\sde)?\s(?P<year2>{_YEAR})\b)?
  | \b(?P<hour>[01]?\d|2[0-3])(?::(?P<minute>[0-5]\d)|(?:[.:](?P<minute2>[0-5]\d))?(?=\s?[ap]\.?m\b))
    (?:\s?[ap]\.?m\b\.?)?
  | (?P<coin>[$£€¥])\s?(?P<amount>{_NUMBER})(?:\s?(?P<scale>million|billion|trillion|thousand|bn|mn|m)\b)?
  | \b(?P<number>{_NUMBER}|(?:{_WORDS})\b)(?:\s?(?P<scale2>million|billion|trillion|thousand|bn)\b)?
    (?P<of>\s?%|\s?percent\b|\sper\scent\b|\sProzent\b|\spour\scent\b|\spor\sciento\b|\s(?:{_CURRENCY})\b)?
    """,
    re.VERBOSE | re.IGNORECASE,
)
_COUNTED = re.compile(r"[\s-]{1,2}([^\W\d_]{2,}(?:[\s-][^\W\d_]{2,})?)")
_CAPITALISED = r"(?:(?:St|Mr|Mrs|Ms|Dr|Sgt|Lt|Col|Gen|Capt)\.\s)?[^\W\d_a-z][^\W\d_]+(?:['’-][^\W\d_]+)*"
_LINK = r"[ \u00a0](?:(?:of|de|van|von|der|al|bin|[A-Z]\.)[ \u00a0])?"
_NAME = re.compile(rf"(?<![\w'’]){_CAPITALISED}(?:{_LINK}{_CAPITALISED})*")
_OPENS = re.compile(r"(?:^|[.!?…:;\"'‘“«(\[\n•–—-])\s*$")


@dataclass(frozen=True, slots=True)
class Claim:
    """A date, a time, an amount of money, a percentage, a number or a name: `text` as it stands, with what is counted,
    `key` what wordings of the same have in common, `sentence` the number of its sentence."""

    kind: ClaimKind
    key: str
    text: str
    sentence: int
    counted: str = ""


def figures(sentences: Sequence[str]) -> tuple[Claim, ...]:
    """The dates, times and figures of a text, in order."""
    return tuple(claim for i, sentence in enumerate(sentences) for claim in _figures(sentence, i))


def _figures(sentence: str, place: int) -> Iterator[Claim]:
    if not any(char.isdigit() for char in sentence) and not _WORD_NUMBER.search(sentence):
        return
    for match in _STATED.finditer(sentence):
        yield _figure(match, place)
        if year := match["year"] or match["year2"] or (match["iso"] or "")[:4]:
            yield Claim("year", _value(year, None), year, place)


def _figure(match: re.Match[str], place: int) -> Claim:
    """What a match of _STATED claims."""
    if match["iso"]:
        return Claim("date", match["iso"][5:], match.group(), place)
    if month := match["month"] or match["month2"]:
        key = f"{MONTHS_OF_SEVEN_LANGUAGES[month.lower()]:02}-{int(match['day'] or match['day2']):02}"
        return Claim("date", key, match.group(), place)
    if match["hour"]:
        key = f"{int(match['hour']) % 12}:{match['minute'] or match['minute2'] or '00'}"
        return Claim("time", key, match.group(), place)
    if match["coin"]:
        return Claim("money", _value(match["amount"], match["scale"]), match.group(), place)
    return _number(match, place)


def _number(match: re.Match[str], place: int) -> Claim:
    """A figure that is no date, no time and has no sign of a currency: told by what comes after it."""
    text, key = match.group(), _value(match["number"], match["scale2"])
    if of := (match["of"] or "").strip().lower():
        return Claim("percent" if of in _PERCENT else "money", key, text, place)
    if re.fullmatch(r"(?:1[5-9]|20)\d\d", text):
        return Claim("year", key, text, place)
    after = _COUNTED.match(match.string, match.end())
    counted = _counted(after[1]) if after else ""
    if after and counted:
        text = match.string[match.start() : after.start(1) + len(counted)]
    return Claim("number", key, text, place, counted)


_PERCENT = ("%", "percent", "per cent", "prozent", "pour cent", "por ciento")


def _counted(after: str) -> str:
    """Of the two words after a number what is counted: the first, with the second where the first only describes it."""
    one, _, two = after.partition(" ")
    if one.lower() in FILLERS:
        return ""
    return one if not two or one.endswith("s") or two.lower() in FILLERS else after


_WORD_NUMBER = re.compile(rf"\b(?:{_WORDS})\b", re.IGNORECASE)


def _value(number: str, scale: str | None) -> str:
    """A number as two wordings of it have in common."""
    plain = number.lower()
    if plain[0].isdigit():
        grouped = re.fullmatch(r"\d{1,3}(?:[,.\u00a0\u202f]\d{3})+", plain)
        value = float(re.sub(r"\D", "", plain) if grouped else plain.replace(",", "."))
    else:
        ten, _, one = plain.partition("-")
        value = NUMBER_WORDS[ten] + (NUMBER_WORDS.get(one, 1) if one else 0)
    value *= SCALES.get((scale or "").lower(), 1)
    return f"{value:.0f}" if value == round(value) else f"{value:g}"


def names(sentences: Sequence[str]) -> tuple[Claim, ...]:
    """The names of a text: runs of capitalised words. One word alone counts where it stands capitalised within a sentence,
    and nowhere in small letters."""
    small = small_words(sentences)
    found = []
    for i, sentence in enumerate(sentences):
        for match in _NAME.finditer(sentence):
            if words := _name(match, small):
                text = re.sub(r"['’]s?$", "", " ".join(words))
                found.append(Claim("name", " ".join(texts.words(text)), text, i))
    return tuple(found)


def _name(match: re.Match[str], small: set[str]) -> list[str]:
    """The words of a run of capitals without one that has its capital for opening a sentence; none where none is left, or
    one that need not be a name."""
    words = match.group().split()
    opens = bool(_OPENS.search(match.string[max(0, match.start() - 3) : match.start()]))
    if opens and (words[0].lower() in small or words[0].lower() in OPENERS):
        words, opens = words[1:], False
    if len(words) == 1:
        alone = words[0].lower()
        return [] if opens or alone in small or alone in MONTHS_OF_SEVEN_LANGUAGES else words
    return words


def quotations(text: str) -> tuple[str, ...]:
    """What a text has in quotation marks, of three words or more, each once."""
    found = (match[1].strip(" ,.") for match in _QUOTED.finditer(text))
    return tuple(dict.fromkeys(quote for quote in found if len(texts.words(quote)) >= 3))


_QUOTED = re.compile(r"[\"“«„]([^\"“”«»„\n]{5,600})[\"”»“]")
